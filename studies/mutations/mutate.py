"""Damages a file as disks, cables and attackers do: bytes, lengths, offsets, missing and doubled parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEG2000Lossless, JPEGBaseline8Bit

_ROWS, _COLUMNS = np.mgrid[0:24, 0:32]
PICTURE = np.stack([_ROWS * 10, _COLUMNS * 7, 255 - _ROWS * 3 - _COLUMNS * 2], axis=2).astype(np.uint8)

Change = Callable[[bytearray, np.random.Generator], None]
_EXTREMES = (
    0,
    1,
    2,
    7,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63,
    2**64 - 1,
)
_HEAD = 512


def _place(data: bytearray, rng: np.random.Generator, width: int = 1) -> int:
    """A place in the file, as often as not in its first bytes, where lengths and offsets stand."""
    end = max(1, len(data) - width)
    return int(rng.integers(min(end, _HEAD) if rng.random() < 1 / 2 else end))


def _one_byte(data: bytearray, rng: np.random.Generator) -> None:
    data[_place(data, rng)] = int(rng.integers(256))


def _one_bit(data: bytearray, rng: np.random.Generator) -> None:
    data[_place(data, rng)] ^= 1 << int(rng.integers(8))


def _number(data: bytearray, rng: np.random.Generator) -> None:
    """A length, a count or an offset becomes extreme."""
    width = int(rng.choice([1, 2, 4, 8]))
    place = _place(data, rng, width)
    value = _EXTREMES[int(rng.integers(len(_EXTREMES)))] % 2 ** (8 * width)
    data[place : place + width] = value.to_bytes(width, "little" if rng.random() < 1 / 2 else "big")


def _shifted_number(data: bytearray, rng: np.random.Generator) -> None:
    """A length, a count or an offset is a little wrong."""
    width, order = int(rng.choice([2, 4])), "little" if rng.random() < 1 / 2 else "big"
    place = _place(data, rng, width)
    value = int.from_bytes(data[place : place + width], order) + int(rng.integers(-16, 17))
    data[place : place + width] = (value % 2 ** (8 * width)).to_bytes(width, order)


def _swapped(data: bytearray, rng: np.random.Generator) -> None:
    one, other = _place(data, rng, 4), _place(data, rng, 4)
    data[one : one + 4], data[other : other + 4] = data[other : other + 4], data[one : one + 4]


def _cut(data: bytearray, rng: np.random.Generator) -> None:
    del data[_place(data, rng) :]


def _without_part(data: bytearray, rng: np.random.Generator) -> None:
    start = _place(data, rng)
    del data[start : start + int(rng.integers(1, 64))]


def _doubled_part(data: bytearray, rng: np.random.Generator) -> None:
    start = _place(data, rng)
    data[start:start] = data[start : start + int(rng.integers(1, 64))]


def _noise(data: bytearray, rng: np.random.Generator) -> None:
    start, length = _place(data, rng), int(rng.integers(1, 64))
    data[start : start + length] = rng.bytes(length)


CHANGES: tuple[Change, ...] = (
    _one_byte, _one_bit, _number, _number, _shifted_number,
    _swapped, _cut, _without_part, _doubled_part, _noise,
)  # fmt: skip


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The file after one to three changes."""
    changed = bytearray(data)
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        if changed:
            CHANGES[int(rng.integers(len(CHANGES)))](changed, rng)
    return bytes(changed)


def images() -> dict[str, bytes]:
    """A small image of each format and packing, by its name."""
    seeds = {
        "PNG": _saved("PNG"),
        "PNG 16 bits": _saved("PNG", pixels=PICTURE[..., 0].astype(np.uint16) * 257),
        "JPEG": _saved(
            "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        ),
        "JPEG, progressive": _saved("JPEG", progressive=True),
        "WebP": _saved("WEBP"),
        "WebP, lossless": _saved("WEBP", lossless=True),
        "AVIF": _saved("AVIF"),
        "BMP": _saved("BMP"),
        "BMP with a palette": _saved("BMP", pixels=PICTURE[..., 0].copy()),
        "BMP with masks": _masked_bmp(),
        "DICOM": _dicom(ExplicitVRLittleEndian, PICTURE.tobytes()),
        "DICOM, JPEG": _dicom(JPEGBaseline8Bit, encapsulate([_saved("JPEG")]), "YBR_FULL_422"),
        "DICOM, JPEG 2000": _dicom(JPEG2000Lossless, encapsulate([_saved("JPEG2000", no_jp2=True)])),
    }
    for packing in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        seeds[f"TIFF, {packing or 'raw'}"] = _saved("TIFF", compression=packing)
    stack = {"save_all": True, "append_images": [Image.fromarray(255 - PICTURE)]}
    seeds["TIFF, z-stack"] = _saved("TIFF", description="ImageJ=1.54f\nimages=2\nslices=2\n", **stack)
    seeds["TIFF, BigTIFF"] = _saved("TIFF", big_tiff=True)
    return seeds


def archive() -> bytes:
    """A zip with two images."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("Uninfected/C1_1.png", _saved("PNG"))
        file.writestr("Parasitized/C2_1.jpg", _saved("JPEG"))
    return stream.getvalue()


def _saved(kind: str, pixels: np.ndarray = PICTURE, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


def _masked_bmp() -> bytes:
    data = bytearray(_saved("BMP", pixels=np.dstack([PICTURE, PICTURE[..., :1]])))
    if data[30] != 3:  # noqa: PLR2004 - Pillow wrote it without masks
        masks = b"".join(mask.to_bytes(4, "little") for mask in (0xFF0000, 0xFF00, 0xFF))
        data[30], data[54:54] = 3, masks
        data[10:14] = (int.from_bytes(data[10:14], "little") + 12).to_bytes(4, "little")
    return bytes(data)


def _dicom(syntax: UID, pixels: bytes, kind: str = "RGB") -> bytes:
    image = pydicom.Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = syntax
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.77.1.2")
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = UID("1.2.3")
    image.Rows, image.Columns, image.SamplesPerPixel = 24, 32, 3
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit, image.PixelRepresentation, image.PlanarConfiguration = 7, 0, 0
    image.PhotometricInterpretation, image.NumberOfFrames = kind, 1
    image.PixelData = pixels
    image["PixelData"].VR = "OB"
    stream = io.BytesIO()
    image.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
