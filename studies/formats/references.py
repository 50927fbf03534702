"""What other libraries make of a file: each page as opaque 8-bit RGB, by code of its own."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, ImageSequence

Image8 = npt.NDArray[np.uint8]
Reference = Callable[[bytes], list[Image8]]

_REDUCED_OR_MASK = 1 | 4
_KINDS = {"MINISBLACK", "MINISWHITE", "RGB", "YCBCR", "PALETTE", "SEPARATED"}


def by_pillow(data: bytes) -> list[Image8]:
    """Every page as Pillow shows it, upright, on black; 16 bits of gray by their full range."""
    with Image.open(io.BytesIO(data)) as image:
        return [_shown(ImageOps.exif_transpose(page)) for page in ImageSequence.Iterator(image)]


def _shown(page: Image.Image) -> Image8:
    if page.mode.startswith("I;16"):
        return _scaled(np.asarray(page).astype(np.float64), 65535)
    pixels = np.asarray(page.convert("RGBA")).astype(np.float64)
    if not pixels[..., 3].any():  # programs leave the alpha of a BMP empty
        pixels[..., 3] = 255
    return _on_black(pixels)


def by_tifffile(data: bytes) -> list[Image8]:
    """Every page of full size as tifffile decodes it, and the colours that its tags say."""
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        pages = [page.aspage() for page in file.pages]
        whole = [page for number, page in enumerate(pages) if number == 0 or not _is_beside(page)]
        return [_upright(_float(page) if page.dtype == np.float32 else _page(page), page) for page in whole]


def _is_beside(page: object) -> bool:
    return bool(page.subfiletype & _REDUCED_OR_MASK)  # type: ignore[attr-defined]


def _float(page: object) -> Image8:
    """Gray of 0 to 1; ValueError for other numbers, which nobody would show."""
    pixels = page.asarray()  # type: ignore[attr-defined]
    if pixels.ndim != 2 or pixels.min() < 0 or pixels.max() > 1:  # noqa: PLR2004
        raise ValueError("floating-point numbers that are no share of white")
    return _scaled(pixels.astype(np.float64), 1.0)


def _page(page: object) -> Image8:
    """One page of tifffile; ValueError for what it decodes but nobody would show."""
    pixels = page.asarray()  # type: ignore[attr-defined]
    kind, bits = page.photometric.name, page.bitspersample  # type: ignore[attr-defined]
    if pixels.dtype.kind not in "ub" or bits > 16 or kind not in _KINDS:  # noqa: PLR2004
        raise ValueError(f"{kind} of {pixels.dtype} has no colours that both would show")
    if page.planarconfig == 2 and pixels.ndim == 3:  # type: ignore[attr-defined]  # noqa: PLR2004
        pixels = np.moveaxis(pixels, 0, 2)
    if kind == "PALETTE":
        return (page.colormap >> 8).astype(np.uint8).T[pixels]  # type: ignore[attr-defined]
    share = pixels.astype(np.float64) / (2**bits - 1)
    if kind == "MINISWHITE":
        share = 1 - share
    if kind == "SEPARATED":
        share = (1 - share[..., :3]) * (1 - share[..., 3:4])
    pixels = _wide(share) * 255
    is_multiplied = tuple(page.extrasamples)[:1] == (1,)  # type: ignore[attr-defined]
    return _on_black(pixels[..., :3] if is_multiplied else pixels)


def _upright(pixels: Image8, page: object) -> Image8:
    tag = page.tags.get(274)  # type: ignore[attr-defined]
    turn = int(tag.value) if tag else 1
    pixels = pixels.swapaxes(0, 1) if turn in (5, 6, 7, 8) else pixels
    pixels = pixels[::-1] if turn in (3, 4, 7, 8) else pixels
    return pixels[:, ::-1] if turn in (2, 3, 6, 7) else pixels


def by_pydicom(data: bytes) -> list[Image8]:
    """Every frame as pydicom decodes it, through its own rescaling and window."""
    from pydicom import dcmread
    from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_windowing

    dataset = dcmread(io.BytesIO(data))
    stored = dataset.pixel_array
    frames = stored[None] if int(dataset.get("NumberOfFrames") or 1) == 1 else stored
    kind = str(dataset.PhotometricInterpretation)
    if kind == "PALETTE COLOR":
        tables = [apply_color_lut(frame, dataset) for frame in frames]
        return [
            _scaled(table.astype(np.float64), 255 if table.dtype == np.uint8 else 65535) for table in tables
        ]
    if int(dataset.SamplesPerPixel) > 1:
        return [frame.astype(np.uint8) for frame in frames]
    grays = [
        np.asarray(apply_windowing(apply_modality_lut(frame, dataset), dataset, index=0), np.float64)
        for frame in frames
    ]
    ends = [
        _range(dataset) if "WindowWidth" in dataset else _filled(gray, *_range(dataset)) for gray in grays
    ]
    shown = [_scaled(gray - low, high - low) for gray, (low, high) in zip(grays, ends, strict=True)]
    return [255 - page for page in shown] if kind == "MONOCHROME1" else shown


def _filled(gray: npt.NDArray[np.float64], low: float, high: float) -> tuple[float, float]:
    """The range of what is stored, or its own where fewer than 64 of 256 grays would be left."""
    own = float(gray.min()), float(gray.max())
    return own if 0 < (own[1] - own[0]) * 256 < 64 * (high - low) else (low, high)


def _range(dataset: object) -> tuple[float, float]:
    """The range of what is stored, after rescaling."""
    bits, is_signed = int(dataset.BitsStored), bool(dataset.PixelRepresentation)  # type: ignore[attr-defined]
    lowest = -(2 ** (bits - 1)) if is_signed else 0
    slope = float(dataset.get("RescaleSlope") or 1)  # type: ignore[attr-defined]
    offset = float(dataset.get("RescaleIntercept") or 0)  # type: ignore[attr-defined]
    ends = lowest * slope + offset, (lowest + 2**bits - 1) * slope + offset
    return min(ends), max(ends)


def _scaled(values: npt.NDArray[np.float64], largest: float) -> Image8:
    return _wide(np.rint(np.clip(values / largest, 0, 1) * 255).astype(np.uint8))


def _wide(pixels: np.ndarray) -> np.ndarray:
    """Gray as three channels, gray with alpha as four."""
    if pixels.ndim == 2:  # noqa: PLR2004
        return np.repeat(pixels[..., None], 3, axis=2)
    if pixels.shape[2] == 2:  # noqa: PLR2004
        return pixels[..., [0, 0, 0, 1]]
    return pixels


def _on_black(pixels: npt.NDArray[np.float64]) -> Image8:
    """Pixels of 0 to 255, the fourth channel alpha."""
    if pixels.shape[2] == 4:  # noqa: PLR2004
        pixels = pixels[..., :3] * pixels[..., 3:] / 255
    return np.rint(pixels).astype(np.uint8)


REFERENCES: dict[str, tuple[Reference, ...]] = {
    "TIFF": (by_tifffile, by_pillow),
    "DICOM": (by_pydicom,),
}
"""Who is asked about a format, until one can read it; Pillow about every other."""


def expected(data: bytes, kind: str) -> list[Image8] | None:
    """The pages of a file by the first library that reads it; None where none does."""
    return next(_answers(data, kind), None)


def _answers(data: bytes, kind: str) -> Iterator[list[Image8]]:
    for reference in REFERENCES.get(kind, (by_pillow,)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pages = reference(data)
        except Exception:  # noqa: BLE001 - libraries raise what they like
            continue
        if pages:
            yield pages
