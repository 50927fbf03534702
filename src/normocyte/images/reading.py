"""Reads one image of a cell, from a file or from a zip that stays packed, into 8-bit RGB.

16-bit images become 8-bit by dividing the full range, value / 257, rounded. Where the file says that a camera
filled only 12 of the 16 bits, these are the full range; where nothing says so but no value is above 4,095,
the image is refused. (A 16-bit *colour* TIFF keeps its upper 8 bits instead.) Gray becomes three equal
channels; a DICOM is shown through its window, if it has one. Transparent pixels become black, which is what
padding is. The orientation tag of EXIF is ignored, except in TIFF, HEIC and AVIF: a cell has no upper
side, and the crops that a detector has learnt from were not turned.
`photos` reads whole fields and obeys it everywhere.
"""

import stat
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.inputs import zips
from normocyte.core.inputs.dicom import is_frame
from normocyte.core.inputs.stacks.stacks import is_stack, pixels
from normocyte.core.types import Image8, MemorySource, Source
from normocyte.images._decoding import pages
from normocyte.images._guard import guarded, muted
from normocyte.images.contract import CELLS, PHOTOS, Limits
from normocyte.images.headers import header_of, headers_of
from normocyte.images.writing import png_bytes


def read(source: Source) -> Image8:
    """The pixels of one image, (height, width, 3) uint8 RGB; ImageError says why it cannot be read."""
    if isinstance(source, MemorySource):
        return source.pixels
    return decode(read_bytes(source), source.name)


def read_each(sources: Sequence[Source]) -> list[Image8 | ImageError]:
    """For each of several images its pixels, or the ImageError that `read` raises for it."""
    with muted():  # once for all of them
        return [_read_or_not(source) for source in sources]


def decode_each(stored: Sequence[tuple[bytes, str]]) -> list[Image8 | ImageError]:
    """For the bytes and the name of each image what `decode` gives, or the ImageError that it raises."""
    with muted():
        return [_decoded_or_not(data, name) for data, name in stored]


def _decoded_or_not(data: bytes, name: str) -> Image8 | ImageError:
    try:
        return decode(data, name)
    except ImageError as error:
        return error


def _read_or_not(source: Source) -> Image8 | ImageError:
    try:
        return read(source)
    except ImageError as error:
        return error


def read_bytes(source: Source, limits: Limits = CELLS) -> bytes:
    """The bytes of one image as they are stored, within the limits; ImageError when they cannot be had.

    A picture of a stack, see `core.inputs.stacks`, comes as a PNG.
    """
    if source.member and is_stack(source.path):
        return _png(pixels(source))
    if is_frame(source):
        return _png(_frame(source))
    if source.member:
        return zips.read_member(source.path, source.member, limits.most_bytes)
    try:
        _check_file(source.path, limits.most_bytes)
        with open(source.path, "rb", buffering=0) as file:  # noqa: PTH123 - twice as fast as Path.open
            return file.read()
    except OSError as error:
        raise ImageError(
            f"{source.path} cannot be read: {error.strerror or error}. Check the path."
        ) from error


def _frame(source: Source) -> Image8:
    """One frame of a DICOM of several; ImageError where it has no such frame."""
    file = Source(source.path)
    frames = _frames(file, source.path.stat().st_mtime_ns)
    number = source.member.partition("_")[2]
    if not number.isdecimal() or int(number) >= len(frames):
        raise ImageError(f"{source} does not exist. Check the name.")
    return frames[int(number)]


@lru_cache(maxsize=1)
def _frames(file: Source, changed: int) -> list[Image8]:  # noqa: ARG001 - another file is read anew
    from normocyte.images.formats import dicom

    data = read_bytes(file, PHOTOS)
    headers_of(data, file.name)
    return guarded(file.name, data, lambda: list(dicom.frames(data)))


def _png(stored: Image8) -> bytes:
    """A picture of a stack as a file of its own, so that it is checked and shown as any other."""
    return png_bytes(stored if stored.ndim == 3 else np.repeat(stored[..., None], 3, axis=2))  # noqa: PLR2004


def _check_file(path: Path, most_bytes: int) -> None:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ImageError(f"{path} is not a file. Give the path of an image.")
    if found.st_size > most_bytes:
        raise ImageError(
            f"{path} has {found.st_size:,} bytes. Give images of at most {most_bytes // 2**20} MB."
        )


def decode(data: bytes, name: str) -> Image8:
    """The pixels of one image in memory, (height, width, 3) uint8 RGB; `name` is what errors call it."""
    header = header_of(data, name)
    return guarded(name, data, next, pages(data, [header]))
