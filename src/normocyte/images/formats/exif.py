"""How the camera was held, where EXIF or XMP says so, as Pillow reads it."""

from __future__ import annotations

import io
import struct

from PIL import Image

from normocyte.images._quiet import quiet

UPRIGHT = 1
_TAG = 274
_KINDS = ("JPEG", "PNG", "WebP")
_MARKS = (b"Exif", b"EXIF", b"eXIf", b"tiff:Orientation")
_DAMAGE = (struct.error, SyntaxError, LookupError, ValueError, TypeError, OSError)


def orientation(data: bytes, kind: str) -> int:
    """The orientation, 1 to 8, in a JPEG, PNG or WebP whose header was read; 1, upright, without one.

    EXIF counts before XMP. The decoders of TIFF, HEIC and AVIF obey it by themselves, and the other formats
    have none.
    """
    if kind not in _KINDS or not any(mark in data for mark in _MARKS):
        return UPRIGHT
    try:
        with quiet(), Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
            value = image.getexif().get(_TAG, UPRIGHT)
    except _DAMAGE:
        return UPRIGHT
    return value if value in range(1, 9) else UPRIGHT
