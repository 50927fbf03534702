"""Where pictures go is the business of a sink."""

import pytest

from normocyte.results.smear import PhotoResult
from normocyte.workflows.smear.judge import Judged
from normocyte.workflows.smear.pictures import FolderPictures, MemoryPictures, NoPictures, with_pictures


def page(picture=b"jpeg"):
    return Judged(PhotoResult("a.png", "good", ()), picture=picture)


def test_a_picture_is_kept_under_the_name_of_its_photo_and_no_longer_held():
    pictures = MemoryPictures()
    (kept,) = with_pictures([page()], "photos/a.jpg", pictures)
    assert pictures.found == {"photos/a.jpg": b"jpeg"}
    assert (kept.photo.outlined, kept.picture) == ("photos/a.jpg", b"")


def test_each_page_of_a_photo_has_a_picture_of_its_own():
    pictures = MemoryPictures()
    with_pictures([page(b"1"), page(b"2")], "photos/a.jpg", pictures)
    assert pictures.found == {"photos/a-page-1.jpg": b"1", "photos/a-page-2.jpg": b"2"}


def test_a_folder_holds_the_same_bytes(tmp_path):
    with_pictures([page()], "photos/a.jpg", FolderPictures(tmp_path))
    assert (tmp_path / "photos" / "a.jpg").read_bytes() == b"jpeg"


@pytest.mark.parametrize("pictures", [MemoryPictures(), NoPictures()])
def test_a_photo_without_a_picture_names_none(pictures):
    (kept,) = with_pictures([page(b"")], "photos/a.jpg", pictures)
    assert kept.photo.outlined == ""
