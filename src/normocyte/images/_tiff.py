"""TIFF: the only format that Pillow decodes, and only after the size of every page is known."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

from normocyte.images._base import Cut, Fault, Header
from normocyte.images._quiet import quiet
from normocyte.images.limits import MOST_PAGES

SIGNATURES = {b"II*\x00": "<", b"MM\x00*": ">"}
_KIND, _WIDTH, _HEIGHT, _ORIENTATION = 254, 256, 257, 274
_REDUCED = 1
_TURNED = range(5, 9)
_SHORT = 3
_ENTRY_SIZE = 12
_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L")
_COLOURS = ("1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr")

Directory = dict[int, int]


def headers(data: bytes) -> list[Header]:
    """The header of every page, at least one; a reduced copy of another page is none."""
    try:
        pages = _pages(data)
    except struct.error as error:
        raise Cut(data, "the list of its properties (IFD)") from error
    if not pages:
        raise Fault("is a TIFF with 0 pages of full size; export the file again")
    return [_header(directory) for _, directory in pages]


def _header(directory: Directory) -> Header:
    if _WIDTH not in directory or _HEIGHT not in directory:
        raise Fault("is a TIFF that does not say how large it is; save it as PNG")
    sides = directory[_WIDTH], directory[_HEIGHT]
    if directory.get(_ORIENTATION) in _TURNED:
        sides = sides[::-1]
    return Header("TIFF", *sides, is_plain=False)


def _pages(data: bytes) -> list[tuple[int, Directory]]:
    """Every page of full size with its number in the file; a Fault when they have no end."""
    order = SIGNATURES[data[:4]]
    (start,) = struct.unpack_from(order + "I", data, 4)
    directories: list[Directory] = []
    seen: set[int] = set()
    while start or not seen:
        if start in seen or len(seen) == MOST_PAGES:
            raise Fault(f"is a TIFF of more than {len(seen)} pages or in a circle; save each as a file")
        seen.add(start)
        directory, start = _directory(data, order, start)
        directories.append(directory)
    return [
        (number, directory)
        for number, directory in enumerate(directories)
        if number == 0 or not directory.get(_KIND, 0) & _REDUCED
    ]


def first_directory(data: bytes) -> Directory:
    """The properties that stand first, by their tags; LookupError or struct.error when it is no TIFF."""
    order = SIGNATURES[data[:4]]
    (start,) = struct.unpack_from(order + "I", data, 4)
    return _directory(data, order, start)[0]


def _directory(data: bytes, order: str, start: int) -> tuple[Directory, int]:
    """The properties at a place, and the place of the next ones, 0 after the last."""
    (count,) = struct.unpack_from(order + "H", data, start)
    entries = [_entry(data, order, start + 2 + _ENTRY_SIZE * row) for row in range(count)]
    (following,) = struct.unpack_from(order + "I", data, start + 2 + _ENTRY_SIZE * count)
    return dict(entries), following


def _entry(data: bytes, order: str, position: int) -> tuple[int, int]:
    tag, kind, _ = struct.unpack_from(order + "HHI", data, position)
    (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), data, position + 8)
    return tag, value


def pages(data: bytes) -> Iterator[npt.NDArray[np.uint8] | npt.NDArray[np.uint16]]:
    """The pixels of every page, gray, RGB or RGBA, in 8 or 16 bits; a Fault when one is damaged or odd.

    A page that Pillow reads in another size than its header says is refused unread.
    """
    with io.BytesIO(data) as stream, _opened(stream) as image:
        for number, directory in _pages(data):
            yield _page(image, number, _header(directory))


def _opened(stream: io.BytesIO) -> Image.Image:
    with quiet():
        return Image.open(stream, formats=("TIFF",))


def _page(image: Image.Image, number: int, header: Header) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    with quiet():
        image.seek(number)
        return _as_array(image, (header.width, header.height))


def _as_array(image: Image.Image, size: tuple[int, int]) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    if image.size != size:
        raise Fault(
            f"is a damaged TIFF: its size is {size} or {image.size} px; copy or export the file again"
        )
    if image.mode in _SIXTEEN_BITS:
        return np.asarray(image).astype(np.uint16)
    if image.mode in ("LA", "RGBA"):
        return np.asarray(image.convert("RGBA"))
    if image.mode in _COLOURS:
        return np.asarray(image.convert("RGB"))
    raise Fault(f"is a TIFF of the kind '{image.mode}'; save it as RGB or gray with 8 or 16 bits")
