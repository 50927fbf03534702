"""A BMP may keep its colours behind any masks."""

import struct

import numpy as np
import pytest

from normocyte.core.errors import ImageError
from normocyte.images.reading import decode

MASKS = {
    "565": (16, (0xF800, 0x7E0, 0x1F, 0)),
    "555": (16, (0x7C00, 0x3E0, 0x1F, 0)),
    "565 blue first": (16, (0x1F, 0x7E0, 0xF800, 0)),
    "444": (16, (0xF00, 0xF0, 0xF, 0)),
    "usual": (32, (0xFF0000, 0xFF00, 0xFF, 0)),
    "red first": (32, (0xFF, 0xFF00, 0xFF0000, 0)),
    "shifted": (32, (0xFF000000, 0xFF0000, 0xFF00, 0)),
    "10 bits": (32, (0x3FF00000, 0xFFC00, 0x3FF, 0)),
    "alpha": (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
}


def bmp(picture, kind, size=40, alpha=255, packing=3, is_upside_down=True):
    """The bytes of a BMP, and its pixels as exactly as its masks can hold them."""
    bits, masks = kind
    channels = [*np.moveaxis(picture, 2, 0), np.full(picture.shape[:2], alpha)]
    words, held = np.zeros(picture.shape[:2], np.uint64), []
    for mask, channel in zip(masks, channels, strict=True):
        largest = mask >> max(0, (mask & -mask).bit_length() - 1)
        values = np.rint(channel / 255 * largest).astype(np.uint64)
        words |= values * np.uint64(mask // largest if mask else 0)
        held.append(np.rint(values / max(largest, 1) * 255).astype(np.uint8))
    body = np.ascontiguousarray(words[::-1] if is_upside_down else words).astype(f"<u{bits // 8}").tobytes()
    rows = picture.shape[0] * (1 if is_upside_down else -1)
    head = struct.pack("<IiiHHIIiiII", size, picture.shape[1], rows, 1, bits, packing, len(body), 0, 0, 0, 0)
    head += struct.pack("<4I", *masks)[: 16 if size > 40 or packing == 6 else 12] + bytes(max(0, size - 56))
    start = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + body, np.dstack(held[:3])


@pytest.mark.parametrize("size", [40, 56, 124])
@pytest.mark.parametrize("name", [name for name in MASKS if name != "alpha"])
def test_colours_behind_any_masks_are_read_exactly(picture, name, size):
    data, held = bmp(picture, MASKS[name], size)
    np.testing.assert_array_equal(decode(data, "cell"), held)


def test_rows_may_begin_at_the_top(picture):
    data, held = bmp(picture, MASKS["red first"], is_upside_down=False)
    np.testing.assert_array_equal(decode(data, "cell"), held)


def test_16_bits_without_masks_are_five_a_channel(picture):
    data, held = bmp(picture, MASKS["555"], packing=0)
    np.testing.assert_array_equal(decode(data, "cell"), held)


@pytest.mark.parametrize(("alpha", "share"), [(255, 1), (0, 1), (128, 128 / 255)])
def test_alpha_counts_where_it_is_used(picture, alpha, share):
    data, held = bmp(picture, MASKS["alpha"], 124, alpha)
    np.testing.assert_array_equal(decode(data, "cell"), np.floor(held * share + 0.5))


@pytest.mark.parametrize("masks", [(0, 0xFF00, 0xFF, 0), (0xFF, 0xFF, 0xFF00, 0), (0xF0F, 0xF0, 0xF000, 0)])
def test_masks_that_make_no_sense_are_named(picture, masks):
    data = bytearray(bmp(picture, MASKS["red first"])[0])
    data[54:66] = struct.pack("<3I", *masks[:3])
    with pytest.raises(ImageError, match=rf"colour masks make no sense \(red {masks[0]:#x}, green"):
        decode(bytes(data), "cell")


def test_a_bmp_of_os2_is_named(picture, saved):
    data = bytearray(saved(picture, "BMP"))
    data[14] = 12
    with pytest.raises(ImageError, match="is a BMP of OS/2, with a header of 12 bytes; save it as PNG"):
        decode(bytes(data), "cell")


def test_pixels_that_begin_inside_the_palette_are_refused(picture, saved):
    data = bytearray(saved(picture, "BMP", mode="L"))
    data[10:14] = struct.pack("<I", 54)
    with pytest.raises(ImageError, match="its pixels begin at byte 54, inside its palette"):
        decode(bytes(data), "cell")
