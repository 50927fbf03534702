"""How the camera was held, where EXIF or XMP says so."""

from __future__ import annotations

import re
import struct

from normocyte.images.formats import jpeg, png, webp
from normocyte.images.formats.tiff_structure import first_directory

UPRIGHT = 1
_MARK = b"Exif\0\0"
_TAG = 274
_XMP = b"tiff:Orientation"
_XMP_VALUE = re.compile(rb"""tiff:Orientation(?:\s*=\s*["']|\s*>\s*)([1-8])\b""")


def orientation(data: bytes, kind: str) -> int:
    """The orientation, 1 to 8, in a JPEG, PNG or WebP whose header was read; 1, upright, without one.

    EXIF counts before XMP. The decoders of TIFF, HEIC and AVIF obey it by themselves, and the other formats
    have none.
    """
    find = {"JPEG": jpeg.exif, "PNG": png.exif, "WebP": webp.exif}.get(kind)
    if find is None:
        return UPRIGHT
    return _in_exif(find(data)) or _in_xmp(data) or UPRIGHT


def _in_exif(block: bytes) -> int:
    """The orientation in a block of EXIF; 0 without one."""
    try:
        value = first_directory(block.removeprefix(_MARK)).first(_TAG)
    except (struct.error, LookupError):
        return 0
    return value if value in range(1, 9) else 0


def _in_xmp(data: bytes) -> int:
    """The orientation in a packet of XMP, which is text that stands in the file as it is; 0 without one."""
    place = data.find(_XMP)
    found = _XMP_VALUE.match(data, place) if place >= 0 else None
    return int(found[1]) if found else 0
