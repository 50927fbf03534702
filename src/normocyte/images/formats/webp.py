"""WebP: one RIFF container around a lossy (VP8), lossless (VP8L) or extended (VP8X) picture."""

from normocyte.images.contract import Cut, Fault, Header

_NEEDED = 30
_ANIMATED = 0x02
_ALPHA = 0x10


def header(data: bytes) -> Header:
    """The header of a whole, still WebP; a Fault when bytes are missing or when it is animated."""
    promised = int.from_bytes(data[4:8], "little") + 8
    if max(promised, _NEEDED) > len(data):
        raise Cut(data, f"the rest of {max(promised, _NEEDED):,} bytes")
    kind = data[12:16]
    if kind == b"VP8L":
        return _lossless(data)
    if kind == b"VP8X":
        return _extended(data)
    if kind == b"VP8 ":
        return _lossy(data)
    raise Fault(f"is a WebP of an unknown kind, {kind!r}; save it as PNG")


def _lossless(data: bytes) -> Header:
    bits = int.from_bytes(data[21:25], "little")
    return Header("WebP", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1, is_plain=not bits & (1 << 28))


def _extended(data: bytes) -> Header:
    flags = data[20]
    if flags & _ANIMATED:
        raise Fault("is an animated WebP; save one frame of it as a still image")
    width = int.from_bytes(data[24:27], "little") + 1
    height = int.from_bytes(data[27:30], "little") + 1
    return Header("WebP", width, height, is_plain=not flags & _ALPHA)


def _lossy(data: bytes) -> Header:
    width = int.from_bytes(data[26:28], "little") & 0x3FFF
    height = int.from_bytes(data[28:30], "little") & 0x3FFF
    return Header("WebP", width, height)
