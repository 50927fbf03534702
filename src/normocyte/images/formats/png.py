"""PNG: a signature and a chain of chunks from IHDR to IEND."""

import struct

from normocyte.images.contract import Cut, Fault, Header

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY = 0
_WITH_ALPHA = (4, 6)
_CHUNK = struct.Struct(">I4s")
_IHDR = struct.Struct(">IIBB")


def header(data: bytes) -> Header:
    """The header of a whole, still PNG; a Fault when a chunk is cut off or when it is animated."""
    chunks = _chunks(data)
    if b"IHDR" not in chunks:
        raise Fault("says it is a PNG but has no header (IHDR); export the file again")
    if b"acTL" in chunks:
        raise Fault("is an animated PNG; save one frame of it as a still image")
    start, length = chunks[b"IHDR"]
    if length != 13:  # noqa: PLR2004 - the PNG standard fixes it
        raise Fault(f"has a PNG header of {length} bytes instead of 13; export the file again")
    width, height, bits, kind = _IHDR.unpack_from(data, start)
    has_alpha = kind in _WITH_ALPHA or b"tRNS" in chunks
    if kind == _GRAY and has_alpha:
        raise Fault("is a gray PNG with one transparent shade; save it without transparency")
    return Header("PNG", width, height, is_plain=bits <= 8 and not has_alpha)  # noqa: PLR2004 - bits


def _chunks(data: bytes) -> dict[bytes, tuple[int, int]]:
    """Start and length of the first chunk of each type."""
    found: dict[bytes, tuple[int, int]] = {}
    position = len(SIGNATURE)
    while b"IEND" not in found:
        if position + _CHUNK.size > len(data):
            raise Cut(data, "the end mark of a PNG (IEND)")
        length, kind = _CHUNK.unpack_from(data, position)
        found.setdefault(kind, (position + _CHUNK.size, length))
        position += _CHUNK.size + length + 4
    if position > len(data):
        raise Cut(data, "the end of the last chunk (IEND)")
    return found
