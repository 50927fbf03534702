"""BMP: a fixed header and rows of pixels without compression."""

from __future__ import annotations

import struct

from normocyte.images._base import Cut, Fault, Header

_HEADER = struct.Struct("<10xIIiiHHI")
_PLAIN_KINDS = (0, 3)
_OLD_HEADER = 40


def header(data: bytes) -> Header:
    """The header of a whole, uncompressed BMP; a Fault when rows are missing or packed."""
    if len(data) < _HEADER.size:
        raise Cut(data, "the header of a BMP")
    start, size, width, rows, _, bits, packing = _HEADER.unpack_from(data)
    if size < _OLD_HEADER or width <= 0 or bits not in (1, 4, 8, 16, 24, 32):
        raise Fault(f"has a BMP header that makes no sense (width {width}, {bits} bits); save it as PNG")
    if packing not in _PLAIN_KINDS:
        raise Fault(f"is a BMP with compression {packing}; save it as PNG")
    height = abs(rows)
    if start + (width * bits + 31) // 32 * 4 * height > len(data):
        raise Cut(data, f"a part of its {height:,} rows")
    return Header("BMP", width, height)
