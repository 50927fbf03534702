"""Reads photos of whole fields: every page of a file, turned as the camera was held."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from normocyte.core.types import Image8, Source
from normocyte.images._decoding import pages
from normocyte.images._guard import guarded, quiet
from normocyte.images.contract import PHOTOS, Limits
from normocyte.images.headers import headers_of
from normocyte.images.reading import read_bytes

UPRIGHT = 1
_TAG = 274
_KINDS = ("JPEG", "PNG", "WebP")
_MARKS = (b"Exif", b"EXIF", b"eXIf", b"tiff:Orientation")
_DAMAGE = (struct.error, SyntaxError, LookupError, ValueError, TypeError, OSError)


def read_pages(source: Source, limits: Limits = PHOTOS) -> Iterator[Image8]:
    """Every page of a file as a photo of its own, (height, width, 3) uint8 RGB, decoded when it is asked for.

    A page is one of a TIFF or a frame of a DICOM; other formats have one. Where ImageJ or OME wrote that
    pages are the heights of a z-stack, the sharpest of them is the photo; where they are its red, green and
    blue, all three are. The orientation that EXIF states is obeyed: where on the photo a cell lies is shown
    to people. Otherwise a page is read as `reading` reads a cell. All pages are checked against the limits
    before the first is decoded; ImageError says what is wrong.
    """
    yield from decode_pages(read_bytes(source, limits), source.name, limits)


def decode_pages(data: bytes, name: str, limits: Limits = PHOTOS) -> Iterator[Image8]:
    """The same of bytes in memory; `name` is what errors call them."""
    headers = headers_of(data, name, limits)
    decoded = pages(data, headers)
    for _ in headers:
        yield guarded(name, data, lambda: turned(next(decoded), orientation(data, headers[0].format)))


def turned(pixels: Image8, turn: int) -> Image8:
    """The picture upright, by the orientation 1 to 8 of EXIF; anything else counts as 1, upright."""
    upright = pixels.swapaxes(0, 1) if turn in (5, 6, 7, 8) else pixels
    if turn in (3, 4, 7, 8):
        upright = upright[::-1]
    if turn in (2, 3, 6, 7):
        upright = upright[:, ::-1]
    return np.ascontiguousarray(upright)


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
