"""Every layout of a TIFF gives the right picture or a refusal that names it."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from normocyte.core.errors import ImageError
from normocyte.images.photos import decode_pages
from normocyte.images.reading import decode

KINDS = {
    np.dtype(np.uint8): 1,
    np.dtype(np.uint16): 1,
    np.dtype(np.int16): 2,
    np.dtype(np.float32): 3,
    np.dtype(np.float64): 3,
}


def tiff(pixels, order="<", is_big=False, **tags):
    """The bytes of an uncompressed TIFF; other tags, as t262=2, take the place of the usual ones."""
    return stack([(pixels, tags)], order, is_big)


def stack(pages, order="<", is_big=False):
    """The same of several pages, each with its tags."""
    offset, size = ("Q", 8) if is_big else ("I", 4)
    magic = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if is_big else 42)
    out = bytearray(magic + (struct.pack(order + "HH", 8, 0) if is_big else b""))
    link = len(out)
    out += bytes(size)
    for pixels, tags in pages:
        data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
        start = len(out)
        out += data + bytes(len(data) % 2)
        where = len(out)
        out[link : link + size] = struct.pack(order + offset, where)
        entries, extra = _entries(pixels, start, len(data), tags), bytearray()
        head = struct.calcsize(order + ("Q" if is_big else "H"))
        behind = where + head + len(entries) * (12 + 2 * (size - 4)) + size
        out += struct.pack(order + ("Q" if is_big else "H"), len(entries))
        for tag, (kind, letter, values) in sorted(entries.items()):
            packed = values if letter == "s" else struct.pack(f"{order}{len(values)}{letter}", *values)
            if len(packed) > size:
                place = struct.pack(order + offset, behind + len(extra))
                extra += packed + bytes(len(packed) % 2)
            else:
                place = packed.ljust(size, b"\0")
            out += struct.pack(f"{order}HH{offset}", tag, kind, len(values)) + place
        link = len(out)
        out += bytes(size) + extra
    return bytes(out)


def _entries(pixels, start, length, tags):
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    usual = {256: pixels.shape[1], 257: pixels.shape[0], 258: [8 * pixels.dtype.itemsize] * channels, 259: 1}
    usual |= {262: 2 if channels > 2 else 1, 273: start, 277: channels, 278: pixels.shape[0], 279: length}
    usual |= {339: [KINDS[pixels.dtype]] * channels} | {int(name[1:]): value for name, value in tags.items()}
    entries = {}
    for tag, value in usual.items():
        if isinstance(value, str):
            entries[tag] = (2, "s", value.encode() + b"\0")
        else:
            values = list(value) if isinstance(value, list | tuple) else [value]
            is_long = tag in {256, 257, 273, 278, 279}
            entries[tag] = (4, "I", values) if is_long else (3, "H", values)
    return entries


@pytest.fixture
def gray(picture):
    return np.ascontiguousarray(picture[..., 0])


def as_rgb(gray):
    return np.repeat(gray[..., None], 3, axis=2)


@pytest.mark.parametrize("order", "<>")
def test_colour_is_read_exactly_in_both_orders_of_bytes(picture, order):
    np.testing.assert_array_equal(decode(tiff(picture, order), "cell"), picture)
    np.testing.assert_array_equal(decode(tiff(picture.astype(np.uint16) * 257, order), "cell"), picture)


def test_a_bigtiff_is_read_exactly(picture, gray):
    np.testing.assert_array_equal(decode(tiff(picture, is_big=True), "cell"), picture)
    wide = tiff(gray.astype(np.uint16) * 257, is_big=True)
    np.testing.assert_array_equal(decode(wide, "cell"), as_rgb(gray))


def test_a_bigtiff_with_the_highest_byte_first_is_named(picture):
    with pytest.raises(ImageError, match=r"is a TIFF of 8 bits .*, the highest byte first, BigTIFF; save it"):
        decode(tiff(picture, ">", is_big=True), "cell")


def test_where_white_is_zero_8_and_16_bits_are_turned(gray):
    np.testing.assert_array_equal(decode(tiff(255 - gray, t262=0), "cell"), as_rgb(gray))
    wide = 65535 - gray.astype(np.uint16) * 257
    np.testing.assert_array_equal(decode(tiff(wide, t262=0), "cell"), as_rgb(gray))


def test_planes_of_their_own_are_one_picture(picture):
    planes = np.moveaxis(picture, 2, 0)
    size = planes[0].size
    flat = np.ascontiguousarray(planes).reshape(72, 32)
    tags = {"t257": 24, "t258": [8] * 3, "t262": 2, "t277": 3, "t278": 24, "t284": 2, "t339": [1] * 3}
    data = tiff(flat, **tags, t273=[8, 8 + size, 8 + 2 * size], t279=[size] * 3)
    np.testing.assert_array_equal(decode(data, "cell"), picture)


@pytest.mark.parametrize(
    "tags",
    [
        {"t281": 4095},
        {"t270": "ImageJ=1.54f\nmin=0.0\nmax=4095.0\n"},
        {"t270": '<OME><Image><Pixels SizeC="1" SignificantBits="12"></Pixels></Image></OME>'},
        {"t51123": '{"BitDepth":12,"Camera":"x"}'},
    ],
)
def test_12_bits_in_16_use_their_full_range_where_the_file_says_so(gray, tags):
    wide = gray.astype(np.uint16) * 16
    pixels = decode(tiff(wide, **tags), "cell")
    np.testing.assert_array_equal(pixels, as_rgb(np.rint(wide / 4095 * 255).astype(np.uint8)))


@pytest.mark.parametrize("is_colour", [False, True])
def test_12_bits_in_16_are_named_where_nothing_says_so(picture, gray, is_colour):
    wide = (picture if is_colour else gray).astype(np.uint16) * 15
    with pytest.raises(
        ImageError, match=r"16 bits a channel but no value above 3.* holds 12 bits or fewer in 16"
    ):
        decode(tiff(wide), "cell")


def test_12_bits_in_a_16_bit_png_are_named(gray, saved):
    with pytest.raises(ImageError, match="holds 12 bits or fewer in 16; export it with 8 bits"):
        decode(saved(gray.astype(np.uint16) * 15, "PNG"), "cell")


@pytest.mark.parametrize(
    ("pixels", "tags", "words"),
    [
        (np.ones((24, 32, 3), np.float32), {}, "32 bits a channel, 3 channels, floating-point numbers, RGB"),
        (np.ones((24, 32), np.float64), {}, "64 bits a channel, 1 channel, floating-point numbers, gray"),
        (np.ones((24, 32), np.int16), {}, "16 bits a channel, 1 channel, signed integers, gray"),
        (np.ones((24, 32, 3), np.uint8), {"t262": 8}, "8 bits a channel, 3 channels, CIELab"),
        (np.ones((24, 32), np.uint8), {"t262": 32803}, "the raw pattern of a camera"),
        (np.ones((24, 32), np.uint8), {"t259": 34712}, "gray, JPEG 2000"),
        (np.ones((24, 32), np.uint8), {"t259": 777}, "gray, compression 777"),
        (np.ones((24, 32), np.uint8), {"t317": 2}, "no compression, a predictor"),
        (np.ones((24, 32, 3), np.uint16), {"t284": 2}, "RGB, separate planes, no compression"),
        (np.ones((24, 32, 6), np.uint8), {}, "8 bits a channel, 6 channels, RGB"),
        (np.ones((24, 32), np.uint8), {"t258": 6}, "6 bits a channel"),
        (np.ones((24, 32, 3), np.uint8), {"t258": [5, 6, 5]}, "5 and 6 bits a channel"),
    ],
)
def test_other_layouts_are_named(pixels, tags, words):
    with pytest.raises(
        ImageError, match=rf"^cell is a TIFF of .*{words}.*; save it as RGB or gray with 8 bits"
    ):
        decode(tiff(pixels, **tags), "cell")


def test_huge_tiles_are_refused_unread(picture):
    with pytest.raises(ImageError, match=r"its tiles have 4,294,836,225 px"):
        decode(tiff(picture, t322=65535, t323=65535), "bomb")


def test_slices_on_one_page_are_named(picture):
    with pytest.raises(ImageError, match="is a TIFF of 5 slices behind one another on one page; save each"):
        decode(tiff(picture, t32997=5), "cell")


def test_a_billion_channels_are_refused_unread(picture):
    data = bytearray(tiff(picture[..., 0].copy()))
    entry = data.index(struct.pack("<HHI", 277, 3, 1))
    data[entry : entry + 12] = struct.pack("<HHII", 277, 4, 1, 2**32 - 1)
    with pytest.raises(ImageError, match=r"is a TIFF of 8 bits a channel, 64 channels"):
        decode(bytes(data), "bomb")


@pytest.mark.parametrize("packing", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK"])
def test_what_pillow_writes_is_read_as_pillow_reads_it(picture, saved, packing, mode):
    data = saved(picture, "TIFF", mode=mode, compression=packing)
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(decode(data, "cell"), np.asarray(image.convert("RGB")))


def ome(**attributes):
    said = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<?xml version="1.0"?><OME><Image><Pixels {said}><Channel/></Pixels></Image></OME>'


CHANNELS = ["ImageJ=1.54f\nimages=3\nchannels=3\nmode=composite\n", ome(SizeC=3, SizeZ=1, SizeT=1)]


@pytest.mark.parametrize("description", CHANNELS)
def test_colour_channels_on_pages_of_their_own_are_one_picture(picture, description):
    pages = [(np.ascontiguousarray(picture[..., place]), {"t270": description}) for place in range(3)]
    np.testing.assert_array_equal(decode(stack(pages), "cell"), picture)


def test_two_channels_on_pages_of_their_own_are_named(gray):
    pages = [(gray, {"t270": "ImageJ=1.54f\nimages=2\nchannels=2\n"})] * 2
    with pytest.raises(
        ImageError, match="is a TIFF with 2 gray channels on pages of their own; save it as RGB"
    ):
        decode(stack(pages), "cell")


def test_three_gray_pages_of_which_nothing_is_said_are_three_photos(picture):
    pages = [(np.ascontiguousarray(picture[..., place]), {}) for place in range(3)]
    assert len(list(decode_pages(stack(pages), "field"))) == 3


def blurred(pixels, times):
    for _ in range(times):
        wide = np.pad(pixels.astype(float), ((1, 1), (1, 1), (0, 0)), "edge")
        pixels = (wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]) / 4
    return np.rint(pixels).astype(np.uint8)


HEIGHTS = ["ImageJ=1.54f\nimages=5\nslices=5\n", ome(SizeC=1, SizeZ=5, SizeT=1, DimensionOrder="XYZCT")]


@pytest.fixture
def sharp():
    return np.kron(np.random.default_rng(0).integers(0, 255, (12, 16, 3)), np.ones((4, 4, 1))).astype(
        np.uint8
    )


@pytest.mark.parametrize("description", HEIGHTS)
@pytest.mark.parametrize("place", range(5))
def test_a_z_stack_gives_its_sharpest_page(sharp, description, place):
    heights = [(blurred(sharp, 2 * abs(place - height)), {"t270": description}) for height in range(5)]
    np.testing.assert_array_equal(decode(stack(heights), "field"), sharp)


def test_photos_of_several_fields_that_are_called_slices_are_refused():
    rng = np.random.default_rng(5)
    drawn = [rng.integers(0, 255, (12, 16, 3)) for _ in range(4)]
    fields = [np.kron(field, np.ones((4, 4, 1))).astype(np.uint8) for field in drawn]
    said = {"t270": "ImageJ=1.54f\nimages=4\nslices=4\n"}
    with pytest.raises(
        ImageError, match=r"4 slices have little in common \(correlation 0\.\d\d\), as photos"
    ):
        decode(stack([(field, said) for field in fields]), "fields")


def test_noise_does_not_make_a_page_sharp(sharp):
    noise = np.random.default_rng(1).normal(0, 12, sharp.shape)
    noisy = np.clip(blurred(sharp, 8) + noise, 0, 255).astype(np.uint8)
    pages = [(noisy, {"t270": "ImageJ=1\nimages=2\nslices=2\n"}), (sharp, {})]
    np.testing.assert_array_equal(decode(stack(pages), "field"), sharp)


def test_a_stack_over_time_gives_one_photo_a_time(sharp):
    said = {"t270": "ImageJ=1.54f\nimages=4\nslices=2\nframes=2\nhyperstack=true\n"}
    later = 255 - sharp
    order = [blurred(sharp, 3), sharp, later, blurred(later, 3)]
    photos = list(decode_pages(stack([(page, said) for page in order]), "field"))
    np.testing.assert_array_equal(photos, [sharp, later])


def test_channels_and_heights_follow_the_order_that_is_said(sharp):
    said = {"t270": ome(SizeC=3, SizeZ=2, SizeT=1, DimensionOrder="XYZCT")}
    soft = blurred(sharp, 4)
    pages = [np.ascontiguousarray(one[..., channel]) for channel in range(3) for one in (soft, sharp)]
    np.testing.assert_array_equal(decode(stack([(page, said) for page in pages]), "field"), sharp)


def test_pages_that_do_not_fit_what_is_said_are_photos_of_their_own(sharp):
    said = {"t270": "ImageJ=1.54f\nimages=5\nslices=5\n"}
    assert len(list(decode_pages(stack([(sharp, said)] * 2), "field"))) == 2


def test_images_behind_one_page_are_named(sharp):
    with pytest.raises(ImageError, match="is an ImageJ file of 7 images behind 1 page; save each as a file"):
        decode(tiff(sharp, t270="ImageJ=1.54f\nimages=7\nslices=7\n"), "field")


def test_a_stack_of_several_sizes_is_refused(sharp):
    said = {"t270": "ImageJ=1.54f\nimages=2\nslices=2\n"}
    with pytest.raises(ImageError, match="is a TIFF stack of 2 sizes; save each page as a file"):
        decode(stack([(sharp, said), (sharp[:24], said)]), "field")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("largest", [1, 255])
def test_floating_point_grays_are_shares_or_levels(gray, order, largest):
    stored = (gray / 255 * largest).astype(np.float32)
    np.testing.assert_array_equal(decode(tiff(stored, order), "cell"), as_rgb(gray))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.nan, "1 pixel that is no number"),
        (np.inf, "1 pixel that is no number"),
        (-3, "values from -3 to 1; store"),
    ],
)
def test_floating_point_numbers_that_are_no_picture_are_told(value, said):
    stored = np.ones((24, 32), np.float32)
    stored[5, 6] = value
    with pytest.raises(ImageError, match=f"^cell has {said}"):
        decode(tiff(stored), "cell")
