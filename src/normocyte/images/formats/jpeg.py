"""JPEG: a chain of marked segments from SOI to EOI."""

import re
import struct
from collections.abc import Iterator

from normocyte.images.contract import Cut, Fault, Header

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ODD_FRAMES = dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "hierarchical") | {
    0xC3: "lossless",
    0xCB: "lossless",
}
_END, _ADOBE, _LS_FRAME, _TABLES, _SCAN = 0xD9, 0xEE, 0xF7, 0xDB, 0xDA
_TABLE_SIZE = 64
_INKS = 4
# In compressed data FF is followed by 00 or by a restart mark; anything else after it is the next segment.
_NEXT_MARK = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_FRAME = struct.Struct(">BHHB")


def header(data: bytes) -> Header:
    """The header of a whole JPEG; a Fault when it stops before its end mark or when its inks are unknown."""
    segments = dict(_segments(data))
    start = _frame(segments)
    if start + _FRAME.size > len(data):
        raise Cut(data, "the frame header")
    bits, height, width, channels = _FRAME.unpack_from(data, start)
    if bits != 8:  # noqa: PLR2004 - the only depth that decoders share
        raise Fault(f"is a JPEG of {bits} bits a channel; save it with 8 bits or as PNG")
    if channels == _INKS and not data.startswith(b"Adobe", segments.get(_ADOBE, 0)):
        raise Fault("is a CMYK JPEG that does not say how its inks are stored; save it as RGB")
    return Header("JPEG", width, height)


def _frame(segments: dict[int, int]) -> int:
    """Where the frame header stands; a Fault for a kind that is not read."""
    if _LS_FRAME in segments:
        raise Fault("is a JPEG-LS, which is not read; save it as PNG")
    frames = [mark for mark in segments if mark in _FRAMES]
    if not frames:
        raise Fault("says it is a JPEG but has no frame header (SOF); export the file again")
    if frames[0] in _ODD_FRAMES:
        raise Fault(f"is a JPEG of a kind that is not read, {_ODD_FRAMES[frames[0]]}; save it as PNG")
    return segments[frames[0]]


def is_rgb(data: bytes) -> bool:
    """True where a JPEG of three channels says that they are red, green and blue, not YCbCr."""
    segments = dict(_segments(data))
    adobe = segments.get(_ADOBE, 0)
    if data.startswith(b"Adobe", adobe):
        return data[adobe + 11 : adobe + 12] == b"\0"
    start = next(place for mark, place in segments.items() if mark in _FRAMES) + _FRAME.size
    return data[start : start + 9 : 3] == b"RGB"


def size(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG of any kind and depth, JPEG-LS too; Cut where it does not say."""
    for mark, start in _segments(data):
        if (mark in _FRAMES or mark == _LS_FRAME) and start + _FRAME.size <= len(data):
            _, height, width, _ = _FRAME.unpack_from(data, start)
            return width, height
    raise Cut(data, "the frame header of a JPEG")


def luminance_table(data: bytes) -> tuple[int, ...]:
    """The 64 numbers of the quantisation table 0 as they are stored (zigzag); nothing where there is none."""
    for mark, start in _segments(data):
        if mark == _SCAN:
            break
        found = _table_0(data, start) if mark == _TABLES else ()
        if found:
            return found
    return ()


def _table_0(data: bytes, start: int) -> tuple[int, ...]:
    """The table 0 in a segment of tables, each of which begins with its depth and its number."""
    end = start - 2 + int.from_bytes(data[start - 2 : start], "big")
    while start < end:
        width = 2 if data[start] >> 4 else 1
        numbers = data[start + 1 : start + 1 + width * _TABLE_SIZE]
        if data[start] & 15 == 0 and len(numbers) == width * _TABLE_SIZE:
            return tuple(
                int.from_bytes(numbers[at : at + width], "big") for at in range(0, len(numbers), width)
            )
        start += 1 + width * _TABLE_SIZE
    return ()


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """The mark and the start of the content of each segment; Cut when no end mark comes."""
    position = 2
    while True:
        found = _NEXT_MARK.search(data, position)
        if found is None or (found.end() + 2 > len(data) and found[1][0] != _END):
            raise Cut(data, "the end mark of a JPEG (EOI)")
        mark = found[1][0]
        if mark == _END:
            return
        yield mark, found.end() + 2
        position = found.end() + max(2, int.from_bytes(data[found.end() : found.end() + 2], "big"))
