"""BMP: a fixed header and rows of pixels without compression, whose colours may stand behind any masks."""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.images.contract import Cut, Fault, Header

_HEADER = struct.Struct("<10xIIiiHHI")
_RGB, _MASKED, _MASKED_WITH_ALPHA = 0, 3, 6
_PACKINGS = {1: "run-length coding of 8 bits", 2: "run-length coding of 4 bits", 4: "a JPEG", 5: "a PNG"}
_OS2_HEADER, _OLD_HEADER, _HEADER_WITH_ALPHA = 12, 40, 56
_COLOURS_AT = 14 + 32
_MASKS_AT = 14 + _OLD_HEADER
_FIVE_BITS = (0x7C00, 0x3E0, 0x1F, 0)


@dataclass(frozen=True)
class _Masked:
    """Where the rows begin, how many bits a pixel has, and the masks of red, green, blue and alpha."""

    start: int
    bits: int
    masks: tuple[int, ...]
    is_upside_down: bool


def header(data: bytes) -> Header:
    """The header of a whole, uncompressed BMP; a Fault when rows are missing or packed."""
    if len(data) < _HEADER.size:
        raise Cut(data, "the header of a BMP")
    start, size, width, rows, _, bits, packing = _HEADER.unpack_from(data)
    if size == _OS2_HEADER:
        raise Fault("is a BMP of OS/2, with a header of 12 bytes; save it as PNG")
    if size < _OLD_HEADER or width <= 0 or bits not in (1, 4, 8, 16, 24, 32):
        raise Fault(f"has a BMP header that makes no sense (width {width}, {bits} bits); save it as PNG")
    if packing not in (_RGB, _MASKED, _MASKED_WITH_ALPHA):
        named = f", {_PACKINGS[packing]}" if packing in _PACKINGS else ""
        raise Fault(f"is a BMP with compression {packing}{named}; save it as PNG")
    height = abs(rows)
    if start + (width * bits + 31) // 32 * 4 * height > len(data):
        raise Cut(data, f"a part of its {height:,} rows")
    _check_palette(data, start, size, bits)
    masks = _masks(data, size, bits, packing)
    plan = _Masked(start, bits, masks, is_upside_down=rows > 0) if masks else None
    return Header("BMP", width, height, plan=plan)


def _check_palette(data: bytes, start: int, size: int, bits: int) -> None:
    """A Fault where the pixels are said to begin among the colours of the palette."""
    if bits > 8 or len(data) < _COLOURS_AT + 4:  # noqa: PLR2004 - more bits have no palette
        return
    (colours,) = struct.unpack_from("<I", data, _COLOURS_AT)
    if 14 + size + 4 * (colours or 2**bits) > start:
        raise Fault(
            f"is a damaged BMP: its pixels begin at byte {start}, inside its palette; copy or export it again"
        )


def _masks(data: bytes, size: int, bits: int, packing: int) -> tuple[int, ...]:
    """The masks of red, green, blue and alpha; none where each channel has a byte of its own."""
    if packing == _RGB:
        return _FIVE_BITS if bits == 16 else ()  # noqa: PLR2004
    if bits not in (16, 32):
        raise Fault(f"is a BMP of {bits} bits with colour masks, which need 16 or 32; save it as PNG")
    has_alpha = packing == _MASKED_WITH_ALPHA or size >= _HEADER_WITH_ALPHA
    masks = struct.unpack_from("<4I" if has_alpha else "<3I", data, _MASKS_AT)
    masks = masks if has_alpha else (*masks, 0)
    shown = "red {:#x}, green {:#x}, blue {:#x}, alpha {:#x}".format(*masks)
    if not all(masks[:3]) or not _are_apart(masks, bits):
        raise Fault(f"is a BMP whose colour masks make no sense ({shown}); save it as PNG")
    return masks


def _are_apart(masks: tuple[int, ...], bits: int) -> bool:
    """True when each mask is one row of bits, and no bit has two masks."""
    together = 0
    for mask in masks:
        row = mask >> _shift(mask)
        if row & (row + 1) or mask & together or mask >> bits:
            return False
        together |= mask
    return True


def _shift(mask: int) -> int:
    return max(0, (mask & -mask).bit_length() - 1)


def masked_pixels(data: bytes, header: Header) -> npt.NDArray[np.uint8]:
    """RGB, or RGBA where some pixel is not transparent, of a BMP with masks."""
    plan: _Masked = header.plan
    row = (header.width * plan.bits + 31) // 32 * 4
    rows = np.frombuffer(data, np.uint8, row * header.height, plan.start).reshape(header.height, row)
    words = rows.view("<u2" if plan.bits == 16 else "<u4")[:, : header.width]  # noqa: PLR2004
    upright = words[::-1] if plan.is_upside_down else words
    channels = [_channel(upright, mask) for mask in plan.masks if mask]
    if len(channels) == 4 and not channels[3].any():  # noqa: PLR2004 - programs leave alpha empty
        channels.pop()
    return np.stack(channels, axis=2)


def _channel(words: npt.NDArray[np.unsignedinteger], mask: int) -> npt.NDArray[np.uint8]:
    """The full range of a mask as 0 to 255, rounded."""
    largest = mask >> _shift(mask)
    values = ((words & words.dtype.type(mask)) >> words.dtype.type(_shift(mask))).astype(np.uint64)
    return np.asarray((values * np.uint64(510) + np.uint64(largest)) // np.uint64(2 * largest), np.uint8)
