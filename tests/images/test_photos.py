"""Photos of whole fields: pages, orientation, limits, and bytes that end too early anywhere."""

import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from normocyte.core.errors import ImageError
from normocyte.core.types import Source
from normocyte.images.contract import CELLS, MOST_PAGES, PHOTOS, Limits
from normocyte.images.photos import decode_pages, read_pages
from normocyte.images.reading import decode

SMALL = Limits(most_bytes=1000, most_side_px=100, most_pixels=700)
HELD = ["PNG", "JPEG", "WEBP", "TIFF"]


def one(data, limits=PHOTOS):
    (page,) = decode_pages(data, "field", limits)
    return page


def held(turn):
    """EXIF that says how the camera was held."""
    exif = Image.Exif()
    exif[274] = turn
    return exif.tobytes()


def stored_as(picture, turn):
    """What a camera that was held like this stores of an upright picture."""
    stored = {
        1: picture,
        2: picture[:, ::-1],
        3: picture[::-1, ::-1],
        4: picture[::-1],
        5: picture.swapaxes(0, 1),
        6: np.rot90(picture),
        7: picture[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(picture, -1),
    }
    return np.ascontiguousarray(stored[turn])


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_turned_upright(picture, saved, turn):
    data = saved(stored_as(picture, turn), "PNG", exif=held(turn))
    np.testing.assert_array_equal(one(data), picture)


@pytest.mark.parametrize("kind", HELD)
def test_every_format_with_exif_is_turned_upright(picture, saved, kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    page = one(saved(stored_as(picture, 6), kind, exif=held(6), **options))
    assert page.shape == picture.shape
    assert np.abs(page.astype(int) - picture).mean() < 6


@pytest.mark.parametrize("said", ['tiff:Orientation="6"', "<tiff:Orientation>6</tiff:Orientation>"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_xmp_may_say_how_the_camera_was_held(picture, saved, kind, said):
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description {said}/></x:xmpmeta>'
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp)
    options = {"pnginfo": text} if kind == "PNG" else {"xmp": xmp.encode()}
    assert one(saved(stored_as(picture, 6), kind, **options)).shape == picture.shape


def test_exif_counts_before_xmp(picture, saved):
    xmp = b'<rdf:Description tiff:Orientation="6"/>'
    assert one(saved(picture, "JPEG", exif=held(1), xmp=xmp)).shape == picture.shape


def test_a_cell_is_not_turned(picture, saved):
    assert decode(saved(stored_as(picture, 6), "PNG", exif=held(6)), "cell").shape == (32, 24, 3)


@pytest.mark.parametrize("exif", [b"", b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\xff", held(9), held(0)])
def test_exif_that_says_nothing_of_use_is_ignored(picture, saved, exif):
    np.testing.assert_array_equal(one(saved(picture, "PNG", exif=exif)), picture)


def test_the_pages_of_a_tiff_are_photos(picture, saved):
    more = [Image.fromarray(255 - picture), Image.fromarray(picture[:16])]
    pages = list(decode_pages(saved(picture, "TIFF", save_all=True, append_images=more), "field"))
    assert [page.shape for page in pages] == [(24, 32, 3), (24, 32, 3), (16, 32, 3)]
    np.testing.assert_array_equal(pages[1], 255 - picture)


def test_a_reduced_copy_in_a_tiff_is_no_page(picture, saved):
    small = Image.fromarray(picture[::2, ::2])
    small.encoderinfo = {"tiffinfo": {254: 1}}
    data = saved(picture, "TIFF", save_all=True, append_images=[small])
    np.testing.assert_array_equal(one(data), picture)


def test_pages_of_a_tiff_in_a_circle_are_refused(picture, saved):
    data = bytearray(saved(picture, "TIFF"))
    start = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[start : start + 2], "little")
    data[start + 2 + 12 * count : start + 6 + 12 * count] = data[4:8]
    with pytest.raises(ImageError, match=r"is a TIFF of more than 1 pages or in a circle; save each"):
        one(bytes(data))


def test_16_bit_gray_uses_the_full_range(saved):
    wide = np.linspace(0, 65535, 24 * 32).reshape(24, 32).astype(np.uint16)
    np.testing.assert_array_equal(one(saved(wide, "TIFF"))[..., 0], np.rint(wide / 257))


def test_a_photo_of_200_megapixels_is_refused_before_decoding(saved):
    data = saved(Image.new("1", (20_000, 10_000)), "TIFF", compression="group4")
    with pytest.raises(ImageError, match=r"^field is 20,000 x 10,000 px; cut it .* most 100 megapixels\.$"):
        one(data)


def test_a_photo_may_be_larger_than_a_cell(saved):
    data = saved(Image.new("L", (17_000, 20)), "PNG")
    assert one(data).shape == (20, 17_000, 3)
    with pytest.raises(ImageError, match="at most 16,384 px a side"):
        decode(data, "cell")


def test_limits_can_be_set(picture, saved):
    with pytest.raises(ImageError, match="is 32 x 24 px; cut it into pieces of at most 0 megapixels"):
        one(saved(picture, "PNG"), SMALL)


def test_one_page_above_the_limit_refuses_all(picture, saved):
    more = [Image.new("RGB", (200, 9))]
    data = saved(picture[:9], "TIFF", save_all=True, append_images=more)
    with pytest.raises(ImageError, match="is 200 x 9 px"):
        next(decode_pages(data, "field", SMALL))


def test_a_file_above_the_byte_limit_is_refused_unread(tmp_path):
    with (tmp_path / "field.png").open("wb") as file:
        file.truncate(PHOTOS.most_bytes + 1)
    with pytest.raises(ImageError, match=r"has 268,435,457 bytes\. Give images of at most 256 MB"):
        next(read_pages(Source(tmp_path / "field.png")))


def test_a_file_and_a_member_of_a_zip_are_read(tmp_path, picture, saved):
    (tmp_path / "field.png").write_bytes(saved(picture, "PNG"))
    with zipfile.ZipFile(tmp_path / "fields.zip", "w") as archive:
        archive.write(tmp_path / "field.png", "field.png")
    for source in (Source(tmp_path / "field.png"), Source(tmp_path / "fields.zip", "field.png")):
        np.testing.assert_array_equal(next(read_pages(source)), picture)


def test_a_photo_may_have_more_bytes_than_a_cell():
    assert PHOTOS.most_bytes > CELLS.most_bytes
    assert MOST_PAGES >= 100


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
@settings(max_examples=40)
@given(share=st.floats(0, 0.999))
def test_a_photo_cut_off_anywhere_is_refused_in_one_sentence(picture, saved, kind, share):
    whole = saved(picture, kind)
    with pytest.raises(ImageError, match=r"^field [^\n]*\.$"):
        one(whole[: int(len(whole) * share)])


@settings(max_examples=60)
@given(share=st.floats(0, 0.999))
def test_a_tiff_of_two_pages_cut_off_anywhere_is_refused_or_gives_whole_pages(picture, saved, share):
    whole = saved(picture, "TIFF", save_all=True, append_images=[Image.fromarray(picture)])
    read = []
    with pytest.raises(ImageError, match=r"^field "):
        read.extend(decode_pages(whole[: int(len(whole) * share)], "field"))
    assert all(np.array_equal(page, picture) for page in read)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_photo_is_read_or_refused_but_never_crashes(picture, saved, kind, data):
    whole = bytearray(saved(picture, kind, exif=held(6)))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    try:
        shapes = {page.shape[2] for page in decode_pages(bytes(whole), "field")}
    except ImageError:
        shapes = {3}
    assert shapes == {3}
