"""PNG by NumPy and zlib alone: fast enough for thousands, and the same bytes for the same pixels."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

Pixels8 = npt.NDArray[np.uint8]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {3: 2, 4: 6}
_LESS_THE_ROW_ABOVE = 2
_LEVEL = 3
"""Level 6 takes three times as long and saves a tenth."""


def png_bytes(pixels: Pixels8, software: str = "") -> bytes:
    """Pixels (height, width, 3 or 4) uint8 as a PNG that names the software it is from."""
    return (
        png_start(pixels.shape, software)
        + _chunk(b"IDAT", zlib.compress(_filtered(pixels), _LEVEL))
        + _chunk(b"IEND", b"")
    )


def png_start(shape: tuple[int, ...], software: str) -> bytes:
    """Signature, header and name of the software: the first bytes of a PNG of this shape."""
    height, width, channels = shape
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + (mark(software) if software else b"")


def mark(software: str) -> bytes:
    """The part of a PNG that names the software."""
    return _chunk(b"tEXt", b"Software\0" + software.encode("latin-1"))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _filtered(pixels: Pixels8) -> bytes:
    """Each row as its difference to the row above, which makes zeros of repeated rows."""
    rows = pixels.reshape(len(pixels), -1)
    filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = _LESS_THE_ROW_ABOVE
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return filtered.tobytes()
