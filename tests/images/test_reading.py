import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ImageError
from normocyte.core.types import MemorySource, Source
from normocyte.images.contract import CELLS
from normocyte.images.reading import decode, read, read_bytes

TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
LOSSLESS = [
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "lzw"}),
]


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
def test_a_lossless_format_gives_the_pixels_back_exactly(picture, saved, kind, options):
    pixels = decode(saved(picture, kind, **options), "cell")
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels, picture)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {"quality": 95}), ("JPEG", {"progressive": True}), ("WEBP", {"quality": 95})],
)
def test_a_lossy_format_gives_nearly_the_same_pixels(picture, saved, kind, options):
    difference = decode(saved(picture, kind, **options), "cell").astype(int) - picture
    assert np.abs(difference).mean() < 6


def test_a_file_is_read_in_rgb_order(tmp_path, picture, saved):
    path = tmp_path / "cell.png"
    path.write_bytes(saved(picture, "PNG"))
    np.testing.assert_array_equal(read(Source(path)), picture)


def test_a_member_of_a_zip_is_read_without_unpacking(tmp_path, picture, saved):
    with zipfile.ZipFile(tmp_path / "cells.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cells/cell.png", saved(picture, "PNG"))
    np.testing.assert_array_equal(read(Source(tmp_path / "cells.zip", "cells/cell.png")), picture)
    assert list(tmp_path.iterdir()) == [tmp_path / "cells.zip"]


def test_the_ending_does_not_matter_but_the_signature_does(tmp_path, picture, saved):
    path = tmp_path / "cell.jpg"
    path.write_bytes(saved(picture, "PNG"))
    np.testing.assert_array_equal(read(Source(path)), picture)


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("TIFF", {}), ("BMP", {}), ("WEBP", {"lossless": True})]
)
def test_gray_becomes_three_equal_channels(picture, saved, kind, options):
    gray = np.ascontiguousarray(picture[..., 1])
    pixels = decode(saved(gray, kind, **options), "cell")
    np.testing.assert_array_equal(pixels, np.repeat(gray[..., None], 3, axis=2))


@pytest.mark.parametrize("ending", [".png", ".tiff"])
def test_16_bit_gray_uses_the_full_range(ending):
    wide = np.linspace(0, 65535, 24 * 32).reshape(24, 32).astype(np.uint16)
    pixels = decode(cv2.imencode(ending, wide)[1].tobytes(), "cell")
    np.testing.assert_array_equal(pixels[..., 0], np.rint(wide / 257))


def test_16_bit_colour_png_keeps_its_channels(picture):
    wide = picture[..., ::-1].astype(np.uint16) * 257
    np.testing.assert_array_equal(decode(cv2.imencode(".png", wide)[1].tobytes(), "cell"), picture)


def test_16_bit_colour_tiff_keeps_its_channels(picture):
    wide = picture[..., ::-1].astype(np.uint16) * 257
    np.testing.assert_array_equal(decode(cv2.imencode(".tiff", wide)[1].tobytes(), "cell"), picture)


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})]
)
def test_transparent_pixels_become_black_padding(picture, saved, kind, options):
    alpha = np.full((24, 32, 1), 255, np.uint8)
    alpha[:, :16] = 0
    pixels = decode(saved(np.concatenate([picture, alpha], axis=2), kind, **options), "cell")
    assert not pixels[:, :16].any()
    np.testing.assert_array_equal(pixels[:, 16:], picture[:, 16:])


def test_half_transparent_pixels_are_half_as_bright(saved):
    pixels = decode(saved(np.full((16, 16, 4), (200, 100, 50, 128), np.uint8), "PNG"), "cell")
    assert pixels[0, 0].tolist() == [100, 50, 25]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_gray_with_alpha_is_read(picture, saved, kind):
    both = np.dstack([picture[..., 0], np.full((24, 32), 255, np.uint8)])
    np.testing.assert_array_equal(decode(saved(both, kind), "cell")[..., 2], picture[..., 0])


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_a_palette_is_resolved(saved, kind):
    two = np.zeros((16, 16, 3), np.uint8)
    two[:8] = (120, 20, 200)
    np.testing.assert_array_equal(decode(saved(two, kind, mode="P"), "cell")[15, 0], [0, 0, 0])


def test_a_palette_png_with_a_transparent_colour_turns_black_there(saved):
    red = np.full((16, 16, 3), (250, 10, 10), np.uint8)
    assert not decode(saved(red, "PNG", mode="P", transparency=bytes(256)), "cell").any()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_turned_into_rgb(picture, saved, kind):
    pixels = decode(saved(picture, kind, mode="CMYK"), "cell").astype(int)
    assert np.abs(pixels - picture).mean() < 10


def test_a_cmyk_jpeg_that_hides_its_inks_is_refused(picture, saved):
    data = saved(picture, "JPEG", mode="CMYK").replace(b"Adobe", b"Edoba")
    with pytest.raises(ImageError, match=r"cell is a CMYK JPEG .* save it as RGB"):
        decode(data, "cell")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_orientation_tag_is_ignored(picture, saved, kind):
    assert decode(saved(picture, kind, exif=TURNED), "cell").shape == (24, 32, 3)


def test_the_orientation_tag_of_a_tiff_is_obeyed(picture, saved):
    np.testing.assert_array_equal(decode(saved(picture, "TIFF", exif=TURNED), "cell"), np.rot90(picture, -1))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ImageError, match=r"gone\.png cannot be read: No such file.* Check the path"):
        read(Source(tmp_path / "gone.png"))


def test_a_folder_is_not_an_image(tmp_path):
    with pytest.raises(ImageError, match="is not a file"):
        read(Source(tmp_path))


def test_a_file_above_the_byte_limit_is_refused_unread(tmp_path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(CELLS.most_bytes + 1)
    with pytest.raises(ImageError, match=r"has 67,108,865 bytes.* at most 64 MB"):
        read_bytes(Source(path))


def test_bytes_come_as_they_are_stored(tmp_path):
    (tmp_path / "cell.png").write_bytes(b"anything")
    assert read_bytes(Source(tmp_path / "cell.png")) == b"anything"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
@given(data=st.data())
def test_a_damaged_image_is_read_or_refused_but_never_crashes(picture, saved, kind, data):
    whole = bytearray(saved(picture, kind))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    answer = _shape_or_error(bytes(whole))
    assert answer == "refused" or answer[2] == 3


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*"]),
)
def test_noise_behind_a_signature_is_refused(noise, signature):
    assert _shape_or_error(signature + noise) == "refused"


@given(st.binary(max_size=200), st.sampled_from([b"VP8 ", b"VP8L", b"VP8X", b"ANIM"]))
def test_noise_in_a_webp_container_is_refused(noise, kind):
    size = (len(noise) + 8).to_bytes(4, "little")
    assert _shape_or_error(b"RIFF" + size + b"WEBP" + kind + noise) == "refused"


def _shape_or_error(data):
    try:
        return decode(data, "cell").shape
    except ImageError:
        return "refused"


def test_an_image_in_memory_is_read_as_it_is():
    pixels = np.full((4, 5, 3), 7, np.uint8)
    source = MemorySource(Path("0"), pixels=pixels)
    assert read(source) is pixels
    assert (source.name, str(source)) == ("0", "0")
    assert source == MemorySource(Path("0"))
