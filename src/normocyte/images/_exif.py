"""How the camera was held, where EXIF says so."""

from __future__ import annotations

import struct

from normocyte.images import _jpeg, _png, _webp
from normocyte.images._tiff_structure import first_directory

UPRIGHT = 1
_MARK = b"Exif\0\0"
_TAG = 274


def orientation(data: bytes, kind: str) -> int:
    """The orientation, 1 to 8, in a JPEG, PNG or WebP whose header was read; 1, upright, without one.

    The decoders of TIFF, HEIC and AVIF obey it by themselves, and the other formats have none.
    """
    find = {"JPEG": _jpeg.exif, "PNG": _png.exif, "WebP": _webp.exif}.get(kind)
    block = find(data) if find else b""
    try:
        value = first_directory(block.removeprefix(_MARK)).first(_TAG, UPRIGHT)
    except (struct.error, LookupError):
        return UPRIGHT
    return value if value in range(1, 9) else UPRIGHT
