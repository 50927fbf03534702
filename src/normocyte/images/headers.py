"""Decides by signature what bytes are, and refuses what is broken or too large before a decoder sees it."""

from __future__ import annotations

from normocyte.core.errors import ImageError
from normocyte.images import _bmp, _jpeg, _png, _tiff, _webp
from normocyte.images._base import Fault, Header

LEAST_SIDE_PX = 8
MOST_SIDE_PX = 16_384
MOST_PIXELS = 40_000_000
_SHOWN = 16


def header_of(data: bytes, name: str) -> Header:
    """Format, width and height of an image whose bytes are whole; ImageError says what is wrong with it."""
    try:
        header = _by_signature(data)
        _check_size(header)
    except Fault as fault:
        raise ImageError(f"{name} {fault}.") from fault
    return header


def _by_signature(data: bytes) -> Header:
    if _webp.matches(data):
        return _webp.header(data)
    if data.startswith(_png.SIGNATURE):
        return _png.header(data)
    if data.startswith(_jpeg.SIGNATURE):
        return _jpeg.header(data)
    if data[:4] in _tiff.SIGNATURES:
        return _tiff.header(data)
    if data.startswith(_bmp.SIGNATURE):
        return _bmp.header(data)
    raise _unknown(data)


def _unknown(data: bytes) -> Fault:
    if not data:
        return Fault("is empty (0 bytes); copy or export the file again")
    return Fault(f"is not an image: it begins with {data[:_SHOWN]!r}; give PNG, JPEG, WebP, BMP or TIFF")


def _check_size(header: Header) -> None:
    size = f"{header.width:,} x {header.height:,} px"
    if min(header.width, header.height) < LEAST_SIDE_PX:
        raise Fault(f"is {size}, too small to be a cell; give images of at least {LEAST_SIDE_PX} px a side")
    if max(header.width, header.height) > MOST_SIDE_PX:
        raise Fault(f"is {size}; cut it into pieces of at most {MOST_SIDE_PX:,} px a side")
    if header.width * header.height > MOST_PIXELS:
        raise Fault(f"is {size}; cut it into pieces of at most {MOST_PIXELS // 1_000_000} megapixels")
