"""Reads one image, from a file or from a zip that stays packed, into 8-bit RGB.

16-bit images become 8-bit by dividing the full range, value / 257, rounded; a camera that fills only 12 of
the 16 bits therefore comes out dark and should export 8 bits. (A 16-bit *colour* TIFF keeps its upper 8 bits
instead.) Gray becomes three equal channels. Transparent pixels become black, which is what padding is. The
orientation tag of EXIF is ignored, except in TIFF, whose decoder obeys it: a cell has no upper side.
"""

from __future__ import annotations

import stat
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core import zips
from normocyte.core.errors import ImageError
from normocyte.core.types import Source
from normocyte.images import _tiff
from normocyte.images._base import Fault, Header
from normocyte.images.headers import header_of

Image8 = npt.NDArray[np.uint8]

MOST_BYTES = 64 * 2**20
_PLAIN = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
_AS_STORED = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
_TO_8_BITS = ((np.arange(2**16) + 128) // 257).astype(np.uint8)


def read(source: Source) -> Image8:
    """The pixels of one image, (height, width, 3) uint8 RGB; ImageError says why it cannot be read."""
    return decode(read_bytes(source), source.name)


def read_bytes(source: Source) -> bytes:
    """The bytes of one image as they are stored, at most 64 MB; ImageError when they cannot be had."""
    if source.member:
        return zips.read_member(source.path, source.member, MOST_BYTES)
    try:
        _check_file(source.path)
        with source.path.open("rb") as file:
            return file.read()
    except OSError as error:
        raise ImageError(
            f"{source.path} cannot be read: {error.strerror or error}. Check the path."
        ) from error


def _check_file(path: Path) -> None:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ImageError(f"{path} is not a file. Give the path of an image.")
    if found.st_size > MOST_BYTES:
        raise ImageError(
            f"{path} has {found.st_size:,} bytes. Give images of at most {MOST_BYTES // 2**20} MB."
        )


def decode(data: bytes, name: str) -> Image8:
    """The pixels of one image in memory, (height, width, 3) uint8 RGB; `name` is what errors call it."""
    header = header_of(data, name)
    try:
        return _same_size(_pixels(data, header), header)
    except Fault as fault:
        raise ImageError(f"{name} {fault}.") from fault


def _pixels(data: bytes, header: Header) -> Image8:
    if header.is_plain:
        return _opencv(data, _PLAIN, header)
    if header.format == "TIFF":
        return _flat(_tiff.pixels(data, (header.width, header.height)))
    stored = _opencv(data, _AS_STORED, header)
    return _flat(stored if stored.ndim == 2 else _as_rgb(stored))  # noqa: PLR2004 - gray


def _opencv(data: bytes, flags: int, header: Header) -> Image8:
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise _damaged(header) from error
    if pixels is None:
        raise _damaged(header)
    return pixels  # type: ignore[return-value]  # OpenCV's stubs do not tell which integer it is


def _same_size(pixels: Image8, header: Header) -> Image8:
    if pixels.shape != (header.height, header.width, 3):
        raise Fault(
            f"says {header.height} x {header.width} px but decodes to {pixels.shape}; export it again"
        )
    return pixels


def _damaged(header: Header) -> Fault:
    return Fault(f"is a damaged {header.format}: it cannot be decoded; copy or export the file again")


def _as_rgb(stored: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """OpenCV's blue-green-red order, turned; alpha stays last."""
    return stored[..., [2, 1, 0, 3][: stored.shape[2]]]


def _flat(stored: npt.NDArray[np.integer]) -> Image8:
    """Any of gray, RGB and RGBA in 8 or 16 bits as opaque 8-bit RGB."""
    pixels: Image8 = _TO_8_BITS[stored] if stored.dtype == np.uint16 else stored.astype(np.uint8)
    if pixels.ndim == 2:  # noqa: PLR2004 - gray
        return np.repeat(pixels[..., None], 3, axis=2)
    if pixels.shape[2] == 4:  # noqa: PLR2004 - with alpha
        return ((pixels[..., :3] * pixels[..., 3:].astype(np.uint16) + 127) // 255).astype(np.uint8)
    return pixels
