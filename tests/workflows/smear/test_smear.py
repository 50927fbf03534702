"""One smear from a request: what is read, what is told, and where its pictures go."""

import cv2
import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.progress import Silent
from normocyte.workflows.smear import boxes
from normocyte.workflows.smear.pictures import MemoryPictures, NoPictures
from normocyte.workflows.smear.request import SmearRequest, opened
from normocyte.workflows.smear.smear import judged_of, smear


class Hearing(Silent):
    """Keeps what it is told, and whether a photo was judged before."""

    def __init__(self):
        self.heard = []

    def begin(self, task, total):
        self.heard.append(task)

    def tell(self, sentence):
        self.heard += [sentence] * bool(sentence)


@pytest.fixture
def photos(tmp_path):
    """A folder with a blank photo, and a file of boxes for it and another."""
    (tmp_path / "in").mkdir()
    cv2.imwrite(str(tmp_path / "in" / "one.png"), np.full((240, 320, 3), 220, np.uint8))
    rows = "photo,x,y,width,height\none.png,9,9,40,40\ntwo.png,9,9,40,40\n"
    (tmp_path / "boxes.csv").write_text(rows, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("pictures", "name"), [(MemoryPictures(), "photos/one.jpg"), (NoPictures(), "")], ids=["memory", "none"]
)
def test_without_a_folder_pictures_go_where_the_sink_says(photos, pictures, name):
    material = opened(SmearRequest([photos / "in"], photos / "out"), Silent())
    (judged,) = judged_of(material, pictures, Silent())
    assert judged.photo.outlined == name
    assert [*getattr(pictures, "found", {})] == [name] * bool(name)
    assert not (photos / "out").exists()


def test_boxes_are_read_once_and_what_they_lack_is_told_before_a_photo_is_judged(photos, monkeypatch):
    read, progress = [], Hearing()
    monkeypatch.setattr(
        boxes, "read_boxes", lambda place, real=boxes.read_boxes: read.append(place) or real(place)
    )
    found = smear(SmearRequest([photos / "in"], photos / "out", boxes=photos / "boxes.csv"), progress)
    assert read == [photos / "boxes.csv"]
    assert progress.heard == [*found.unmatched, "Photos"]
    assert "of no photo: two.png" in found.unmatched[0]
    assert found.page.is_file()


def test_what_is_no_way_to_part_photos_is_named_as_a_field(tmp_path):
    with pytest.raises(ConfigError, match="`by='moon'` is not possible; choose all or folder"):
        SmearRequest([tmp_path], tmp_path / "out", by="moon")
