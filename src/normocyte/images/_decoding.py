"""Any page of any format as opaque 8-bit RGB."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8
from normocyte.images._depths import check_filled, to_8_bits
from normocyte.images.contract import Fault, Header
from normocyte.images.formats import bmp, opencv


def pages(data: bytes, headers: Sequence[Header]) -> Iterator[Image8]:
    """The pages, (height, width, 3) uint8 RGB each, one at a time; a Fault when one is not what it says."""
    for stored, header in zip(_stored(data, headers), headers, strict=True):
        pixels = _flat(stored)
        if pixels.shape != (header.height, header.width, 3):
            raise Fault(
                f"says {header.height} x {header.width} px but decodes to {pixels.shape}; export it again"
            )
        yield pixels


def _stored(data: bytes, headers: Sequence[Header]) -> Iterator[npt.NDArray[np.integer]]:
    first = headers[0]
    if first.format == "TIFF":
        from normocyte.images.formats import tiff

        yield from tiff.pages(data, headers)
    elif first.format == "DICOM":
        from normocyte.images.formats import dicom

        yield from dicom.frames(data)
    elif first.format in {"HEIC", "AVIF"}:
        from normocyte.images.formats import heif

        yield heif.pixels(data, first)
    elif first.format == "BMP" and first.plan:
        yield bmp.masked_pixels(data, first)
    else:
        yield opencv.pixels(data, first)


def _flat(stored: npt.NDArray[np.integer]) -> Image8:
    """Any of gray, RGB and RGBA in 8 or 16 bits as opaque 8-bit RGB."""
    pixels: Image8 = _in_8_bits(stored)
    if pixels.ndim == 2:  # noqa: PLR2004 - gray
        return np.repeat(pixels[..., None], 3, axis=2)
    if pixels.shape[2] == 4:  # noqa: PLR2004 - with alpha
        return ((pixels[..., :3] * pixels[..., 3:].astype(np.uint16) + 127) // 255).astype(np.uint8)
    return pixels


def _in_8_bits(stored: npt.NDArray[np.integer]) -> Image8:
    if stored.dtype != np.uint16:
        return stored.astype(np.uint8, copy=False)
    wide = stored.astype(np.uint16, copy=False)
    check_filled(wide if wide.ndim == 2 else wide[..., :3])  # noqa: PLR2004 - gray
    return to_8_bits(wide)
