"""Photos of phones: AVIF is read, and HEIC where pillow-heif is installed."""

import io

import numpy as np
import pytest
from PIL import Image, features

from normocyte.core.errors import ImageError
from normocyte.core.inputs import signatures
from normocyte.images.headers import header_of
from normocyte.images.photos import decode_pages
from normocyte.images.reading import decode

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)
KINDS = ["AVIF", "HEIF"]


@pytest.fixture
def kept(picture):
    """Keeps a picture in one of the formats, nearly without loss."""

    def keep(kind, pixels=picture, **options):
        if kind == "HEIF":
            pytest.importorskip("pillow_heif", reason="needs the extra 'heif'").register_heif_opener()
        elif not features.check("avif"):
            pytest.skip("this build of Pillow knows no AVIF")
        wide = np.kron(pixels, np.ones((4, 4, 1), np.uint8))
        stream = io.BytesIO()
        Image.fromarray(wide).save(stream, kind, quality=100, **options)
        return stream.getvalue(), wide

    return keep


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_read(kept, kind):
    data, wide = kept(kind)
    assert (header_of(data, "photo").width, header_of(data, "photo").height) == (128, 96)
    assert np.abs(decode(data, "photo").astype(int) - wide).mean() < 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_turned_upright(kept, picture, kind):
    exif = Image.Exif()
    exif[274] = 6
    data, wide = kept(kind, np.rot90(picture).copy(), exif=exif.tobytes())
    (page,) = decode_pages(data, "photo")
    assert np.abs(page.astype(int) - np.rot90(wide, -1)).mean() < 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_photo_that_is_cut_off_is_refused(kept, kind, share):
    data, _ = kept(kind)
    with pytest.raises(ImageError, match=r"^photo is a damaged (AVIF|HEIC): "):
        decode(data[: int(len(data) * share)], "photo")


def test_transparent_pixels_become_black(kept, picture):
    alpha = np.full((24, 32, 1), 255, np.uint8)
    alpha[:, :16] = 0
    data, _ = kept("AVIF", np.concatenate([picture, alpha], axis=2))
    assert decode(data, "photo")[:, :60].max() < 8


@pytest.mark.parametrize("kind", KINDS)
def test_several_pictures_in_one_file_are_refused(kept, picture, kind):
    more = [Image.fromarray(np.kron(255 - picture, np.ones((4, 4, 1), np.uint8)))]
    data, _ = kept(kind, save_all=True, append_images=more)
    with pytest.raises(ImageError, match="of 2 pictures; save the one you mean as a file of its own"):
        decode(data, "photo")


def test_heic_without_its_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr(signatures, "is_heic_read", lambda: False)
    with pytest.raises(
        ImageError, match=r"is a HEIC, which is not read\. Save .* pip install 'normocyte\[heif\]'"
    ):
        decode(HEIC, "IMG_1.jpg")
