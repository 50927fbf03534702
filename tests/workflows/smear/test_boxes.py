"""No photo gets the boxes of another."""

from pathlib import Path

import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.types import Source
from normocyte.segmentation.boxes.boxed import Boxes, read_boxes
from normocyte.workflows.smear.boxes import boxes_of, unmatched

HEAD = "photo,x,y,width,height\n"
PHOTOS = [Source(Path("/in/ann/one.png")), Source(Path("/in/bob/one.png"))]


@pytest.fixture
def written(tmp_path):
    """Writes a file of boxes."""

    def write(rows):
        (tmp_path / "boxes.csv").write_text(HEAD + rows, encoding="utf-8")
        return tmp_path / "boxes.csv"

    return write


def test_photos_of_one_file_name_may_not_share_their_boxes(written):
    with pytest.raises(DatasetError, match=r"those of 'one\.png', for /in/ann/one\.png and /in/bob/one\.png"):
        boxes_of(written("one.png,1,2,30,40\n"), PHOTOS)


def test_folders_in_the_file_give_each_photo_its_own(written):
    boxes = boxes_of(written("ann/one.png,1,2,30,40\nbob/one.png,5,6,30,40\n"), PHOTOS)
    assert boxes.of("/in/bob/one.png")[0].x == 5


def test_a_photo_without_boxes_is_left_for_its_own_row(written):
    assert boxes_of(written("ann/two.png,1,2,30,40\n"), PHOTOS).photos


def test_no_path_is_no_boxes():
    assert not boxes_of(None, PHOTOS).photos


def test_names_and_photos_that_do_not_match_are_told(written):
    names, photos = unmatched(
        read_boxes(written("ann/two.png,1,2,30,40\nann/six.png,1,2,30,40\n")), PHOTOS[1:]
    )
    assert names.startswith("2 of 2 names in ")
    assert names.endswith("are of no photo: ann/six.png, ann/two.png.")
    assert "1 photo has no boxes in " in photos
    assert photos.endswith("/in/bob/one.png. Check the file names.")


def test_nothing_is_told_where_photos_and_boxes_match(written):
    assert not unmatched(read_boxes(written("ann/one.png,1,2,30,40\nbob/one.png,5,6,30,40\n")), PHOTOS)
    assert not unmatched(Boxes({}, Path()), PHOTOS)
