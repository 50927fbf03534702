"""TIFF: the only format that Pillow decodes, and only after its size is known."""

from __future__ import annotations

import io
import struct
import threading
import warnings

import numpy as np
import numpy.typing as npt
from PIL import Image

from normocyte.images._base import Cut, Fault, Header

SIGNATURES = {b"II*\x00": "<", b"MM\x00*": ">"}
_WIDTH, _HEIGHT, _ORIENTATION = 256, 257, 274
_TURNED = range(5, 9)
_SHORT = 3
_ENTRY_SIZE = 12
_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L")
_COLOURS = ("1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr")
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)
# Python's list of warning filters belongs to the whole process: only one thread may change it at a time.
_WARNINGS = threading.Lock()


def header(data: bytes) -> Header:
    """The header of a TIFF of one page."""
    order = SIGNATURES[data[:4]]
    try:
        (start,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, start)
        entries = [_entry(data, order, start + 2 + _ENTRY_SIZE * row) for row in range(count)]
        (next_page,) = struct.unpack_from(order + "I", data, start + 2 + _ENTRY_SIZE * count)
    except struct.error as error:
        raise Cut(data, "the list of its properties (IFD)") from error
    values = dict(entries)
    if _WIDTH not in values or _HEIGHT not in values:
        raise Fault("is a TIFF that does not say how large it is; save it as PNG")
    if next_page:
        raise Fault("is a TIFF of more than one page; save the page you mean as a file of its own")
    sides = values[_WIDTH], values[_HEIGHT]
    if values.get(_ORIENTATION) in _TURNED:
        sides = sides[::-1]
    return Header("TIFF", *sides, is_plain=False)


def _entry(data: bytes, order: str, position: int) -> tuple[int, int]:
    tag, kind, _ = struct.unpack_from(order + "HHI", data, position)
    (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), data, position + 8)
    return tag, value


def pixels(data: bytes, size: tuple[int, int]) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    """The pixels, gray, RGB or RGBA, in 8 or 16 bits; a Fault when the TIFF is damaged or of an odd kind.

    `size` is (width, height) as `header` found it; a TIFF that Pillow reads otherwise is refused unread.
    """
    try:
        with _WARNINGS, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("TIFF",)) as image:
                return _as_array(image, size)
    except Fault:
        raise
    except _DAMAGE as error:
        raise Fault(f"is a damaged TIFF ({error}); copy or export the file again") from error


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
