import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from normocyte.core.errors import ImageError
from normocyte.images.contract import Header
from normocyte.images.headers import header_of
from normocyte.images.reading import decode

KINDS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF"]


def png_that_claims(width, height):
    """A PNG of a few bytes whose header claims any size."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in [
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"")),
            (b"IEND", b""),
        ]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_header_tells_format_and_size(picture, saved, kind):
    header = header_of(saved(picture, kind), "cell")
    assert (header.format.upper(), header.width, header.height) == (kind, 32, 24)


def test_a_lossless_webp_has_a_plain_header(picture, saved):
    assert header_of(saved(picture, "WEBP", lossless=True), "cell") == Header("WebP", 32, 24)


def test_a_webp_with_extended_header_tells_its_size(picture, saved):
    header = header_of(saved(picture, "WEBP", exif=b"Exif\0\0"), "cell")
    assert (header.width, header.height, header.is_plain) == (32, 24, True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_image_is_refused(picture, saved, kind, share):
    whole = saved(picture, kind)
    with pytest.raises(ImageError, match=r"^cell .*(cut off|damaged).*again\.$"):
        decode(whole[: int(len(whole) * share)], "cell")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_one_missing_byte_is_noticed_before_decoding(picture, saved, kind):
    with pytest.raises(ImageError, match=r"is cut off after [\d,]+ bytes"):
        header_of(saved(picture, kind)[:-1], "cell")


def test_a_jpeg_whose_thumbnail_is_whole_is_still_cut_off(picture, saved):
    whole = saved(picture, "JPEG", exif=b"Exif\0\0" + saved(picture, "JPEG"))
    with pytest.raises(ImageError, match="cut off"):
        header_of(whole[:-200], "cell")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_bytes_behind_the_end_do_no_harm(picture, saved, kind):
    assert header_of(saved(picture, kind) + b"\0\0more", "cell").width == 32


def test_an_empty_file_is_refused():
    with pytest.raises(ImageError, match=r"^cell\.png is empty \(0 bytes\)"):
        header_of(b"", "cell.png")


def test_text_called_png_is_refused_with_its_beginning():
    with pytest.raises(ImageError, match=r"notes\.png is not an image: it begins with b'Dear colleague, '"):
        header_of(b"Dear colleague, here are the cells", "notes.png")


@pytest.mark.parametrize("size", [(1, 1), (7, 100), (100, 7)])
def test_an_image_too_small_to_be_a_cell_is_refused(saved, size):
    with pytest.raises(ImageError, match=r"too small to be judged; give images of at least 8 px a side"):
        header_of(saved(Image.new("RGB", size), "PNG"), "dot")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG"])
def test_an_image_of_20000_px_is_refused(saved, kind):
    with pytest.raises(
        ImageError, match=r"is 20,000 x 20 px; cut it into pieces of at most 16,384 px a side"
    ):
        header_of(saved(Image.new("L", (20_000, 20)), kind), "strip")


def test_a_few_bytes_that_claim_a_huge_image_are_refused_before_decoding():
    with pytest.raises(ImageError, match=r"is 16,000 x 16,000 px; cut it .* at most 40 megapixels"):
        decode(png_that_claims(16_000, 16_000), "bomb")


def test_a_few_bytes_that_claim_a_fair_image_are_refused_by_the_decoder():
    with pytest.raises(ImageError, match="bomb is a damaged PNG"):
        decode(png_that_claims(100, 100), "bomb")


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (0xC3, "of a kind that is not read, lossless"),
        (0xC5, "hierarchical"),
        (0xF7, "is a JPEG-LS, which is"),
    ],
)
def test_a_jpeg_of_another_kind_is_named(picture, saved, mark, words):
    data = saved(picture, "JPEG").replace(b"\xff\xc0", bytes([0xFF, mark]))
    with pytest.raises(ImageError, match=words):
        header_of(data, "cell")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(picture, saved, kind):
    frames = [Image.fromarray(255 - picture)]
    with pytest.raises(ImageError, match=r"is an animated .* save one frame"):
        header_of(saved(picture, kind, save_all=True, append_images=frames), "film")


def test_a_tiff_of_two_pages_is_refused(picture, saved):
    pages = [Image.fromarray(picture)]
    with pytest.raises(ImageError, match="more than one page"):
        header_of(saved(picture, "TIFF", save_all=True, append_images=pages), "stack")


def test_a_tiff_of_floats_that_are_no_grays_is_refused(saved):
    with pytest.raises(ImageError, match="cell has values from 0 to 900; store 0 to 1, or 0 to 255"):
        decode(saved(np.full((16, 16), 900, np.float32), "TIFF"), "cell")


def test_a_gray_png_with_a_transparent_shade_is_refused(picture, saved):
    with pytest.raises(ImageError, match="one transparent shade"):
        header_of(saved(picture, "PNG", mode="L", transparency=3), "cell")


def test_a_packed_bmp_is_refused(picture, saved):
    data = bytearray(saved(picture, "BMP"))
    data[30] = 1
    with pytest.raises(
        ImageError, match="BMP with compression 1, run-length coding of 8 bits; save it as PNG"
    ):
        header_of(bytes(data), "cell")


def test_a_tiff_whose_height_can_be_read_in_two_ways_is_refused_unread(picture, saved):
    data = bytearray(saved(picture, "TIFF"))
    entry = data.index(struct.pack("<HHI", 257, 4, 1))
    data[entry : entry + 12] = struct.pack("<HHII", 257, 5, 1, 24)
    with pytest.raises(ImageError, match="damaged TIFF"):
        decode(bytes(data), "cell")
