"""A drawn matrix of layouts: one picture, written in every layout that tifffile and Pillow can write."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

_ROWS, _COLUMNS = np.mgrid[0:48, 0:64]
PICTURE = np.stack([_ROWS * 5, _COLUMNS * 3 + 20, 255 - _ROWS * 3 - _COLUMNS], axis=2).astype(np.uint8)
GRAY = PICTURE[..., 1].copy()
_IS_BRIGHT = np.greater(GRAY, 99)
_ALPHA = np.where(np.less(_COLUMNS, 16), 0, 255).astype(np.uint8)
_PALETTE = (np.random.default_rng(0).integers(0, 256, (3, 256)) * 257).astype(np.uint16)

COMPRESSIONS = (
    None, "packbits", "lzw", "zlib", "lzma", "zstd", "jpeg", "jpeg2000", "webp", "png", "lerc",
)  # fmt: skip
LOSSY = ("jpeg", "webp")
PIXELS = {
    "1 bit gray": (_IS_BRIGHT, {"photometric": "minisblack"}),
    "1 bit, white is zero": (_IS_BRIGHT, {"photometric": "miniswhite"}),
    "8 bits gray": (GRAY, {}),
    "8 bits, white is zero": (255 - GRAY, {"photometric": "miniswhite"}),
    "8 bits gray and alpha": (
        np.dstack([GRAY, _ALPHA]),
        {"photometric": "minisblack", "extrasamples": ["unassalpha"], "planarconfig": "contig"},
    ),
    "8 bits palette": (GRAY // 2, {"photometric": "palette", "colormap": _PALETTE}),
    "8 bits RGB": (PICTURE, {"photometric": "rgb"}),
    "8 bits RGB, planes": (
        np.moveaxis(PICTURE, 2, 0).copy(),
        {"photometric": "rgb", "planarconfig": "separate"},
    ),
    "8 bits RGB, predictor": (PICTURE, {"photometric": "rgb", "predictor": True}),
    "8 bits RGBA": (np.dstack([PICTURE, _ALPHA]), {"photometric": "rgb", "extrasamples": ["unassalpha"]}),
    "8 bits CMYK": (np.dstack([255 - PICTURE, GRAY // 4]), {"photometric": "separated"}),
    "16 bits gray": (GRAY.astype(np.uint16) * 257, {}),
    "16 bits, white is zero": (65535 - GRAY.astype(np.uint16) * 257, {"photometric": "miniswhite"}),
    "16 bits gray, predictor": (GRAY.astype(np.uint16) * 257, {"predictor": True}),
    "12 bits in 16": (GRAY.astype(np.uint16) * 15, {}),
    "16 bits RGB": (PICTURE.astype(np.uint16) * 257, {"photometric": "rgb"}),
    "16 bits RGB, planes": (
        np.moveaxis(PICTURE, 2, 0).astype(np.uint16) * 257,
        {"photometric": "rgb", "planarconfig": "separate"},
    ),
    "16 bits RGBA": (
        np.dstack([PICTURE, _ALPHA]).astype(np.uint16) * 257,
        {"photometric": "rgb", "extrasamples": ["unassalpha"]},
    ),
    "16 bits CMYK": (
        np.dstack([255 - PICTURE, GRAY // 4]).astype(np.uint16) * 257,
        {"photometric": "separated"},
    ),
    "8 bits signed": ((GRAY.astype(int) - 128).astype(np.int8), {}),
    "16 bits signed": ((GRAY.astype(int) * 257 - 32768).astype(np.int16), {}),
    "32 bits": (GRAY.astype(np.uint32) * 16843009, {}),
    "16 bits float": ((GRAY / 255).astype(np.float16), {}),
    "32 bits float": ((GRAY / 255).astype(np.float32), {}),
    "32 bits float RGB": ((PICTURE / 255).astype(np.float32), {"photometric": "rgb"}),
}
PACKED_BITS = (2, 4, 6, 10, 12, 14)
PILLOW = {
    "PNG": [("1", {}), ("L", {}), ("LA", {}), ("P", {}), ("RGB", {}), ("RGBA", {}), ("I;16", {})],
    "BMP": [("1", {}), ("L", {}), ("P", {}), ("RGB", {}), ("RGBA", {})],
    "JPEG": [
        ("L", {}), ("RGB", {}), ("RGB", {"progressive": True}), ("RGB", {"subsampling": 0}),
        ("RGB", {"keep_rgb": True}), ("RGB", {"restart_marker_rows": 1}), ("CMYK", {}),
    ],
    "WEBP": [
        ("L", {}), ("RGB", {}), ("RGB", {"lossless": True}), ("RGBA", {"lossless": True, "exact": True}),
    ],
    "AVIF": [("L", {}), ("RGB", {}), ("RGB", {"subsampling": "4:4:4"}), ("RGBA", {})],
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One file: the row of the table where it counts, its name and bytes, and whether it lost something."""

    row: str
    name: str
    data: bytes
    is_lossy: bool = False


def cases() -> Iterator[Case]:
    """Every file of the matrix that can be written."""
    yield from _tiffs()
    yield from _packed_tiffs()
    yield from _by_pillow()


def _tiffs() -> Iterator[Case]:
    forms = itertools.product(PIXELS, COMPRESSIONS, (None, (16, 16)), "<>", (False, True))
    for name, compression, tile, order, is_big in forms:
        pixels, said = PIXELS[name]
        options = {"compression": compression, "tile": tile, "byteorder": order, "bigtiff": is_big}
        data = _written(pixels, **said, **options)
        words = (compression or "raw", "tiles" if tile else "strips", order, "BigTIFF" if is_big else "")
        if data:
            yield Case(f"TIFF, {name}", " ".join(words), data, compression in LOSSY)


def _packed_tiffs() -> Iterator[Case]:
    for bits, order in itertools.product(PACKED_BITS, "<>"):
        values = np.rint(GRAY / 255 * (2**bits - 1)).astype(np.uint8 if bits < 8 else np.uint16)  # noqa: PLR2004
        data = _written(values, bitspersample=bits, byteorder=order)
        if data:
            yield Case(f"TIFF, {bits} bits gray", f"packed {order}", data)


def _written(pixels: np.ndarray, **options: object) -> bytes:
    """The bytes of a TIFF; none where tifffile does not write it."""
    import tifffile

    stream = io.BytesIO()
    try:
        tifffile.imwrite(stream, pixels, **options)
    except Exception:  # noqa: BLE001 - combinations that do not exist
        return b""
    return stream.getvalue()


def _by_pillow() -> Iterator[Case]:
    for kind, forms in PILLOW.items():
        for mode, options in forms:
            stream = io.BytesIO()
            _in_mode(mode).save(stream, kind, **options)
            name = " ".join((mode, *map(str, options)))
            is_lossy = kind in {"JPEG", "AVIF"} or (kind == "WEBP" and not options)
            yield Case(f"{kind}, {mode}", name, stream.getvalue(), is_lossy)


def _in_mode(mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(GRAY.astype(np.uint16) * 257)
    if mode in {"LA", "RGBA"}:
        return Image.fromarray(np.dstack([GRAY if mode == "LA" else PICTURE, _ALPHA]))
    return Image.fromarray(PICTURE).convert(mode)
