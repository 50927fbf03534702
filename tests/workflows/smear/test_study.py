"""Several smears in one call: each for itself, and nothing twice."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.core.errors import Interrupted
from normocyte.core.progress import Silent
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.workflows.scoring.score import all_sources
from normocyte.workflows.smear.smear import Question
from normocyte.workflows.smear.study import Judge, study


@pytest.fixture(scope="module")
def judge():
    """The bundle that comes along."""
    return Judge(load_bundle(bundle_folder(Path("shipped"))).pipeline, "shipped", "digest")


def blank(place, shade):
    place.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(place), np.full((240, 320, 3), shade, np.uint8))


def three_smears(root):
    """Three smears of a blank photo each; two of them have folders of one name."""
    for shade, place in enumerate(("ann/photos", "bob/photos", "eve")):
        blank(root / "photos-in" / place / "one.png", 200 + shade)
    return root


@pytest.fixture(scope="module")
def once(judge, tmp_path_factory):
    """Three smears with their study; nobody changes them."""
    root = three_smears(tmp_path_factory.mktemp("once"))
    return root, studied(judge, root, Counting())


@pytest.fixture
def root(once, tmp_path):
    """A copy of the same that a test may spoil."""
    return shutil.copytree(once[0], tmp_path / "root")


USUAL = Question()


class Counting(Silent):
    """Keeps how many photos were to be judged, and stops at one of them as Ctrl-C does."""

    def __init__(self, stop_at=0):
        self.photos, self.done, self.stop_at = 0, 0, stop_at

    def begin(self, task, total):
        self.photos += total

    def advance(self, steps=1, note=""):
        self.done += steps
        if self.done == self.stop_at:
            raise KeyboardInterrupt


def studied(judge, root, progress, question=USUAL):
    return study(judge, all_sources([root / "photos-in"]), question, root / "out", progress)


def finished_when_stopped(judge, root, question=USUAL):
    """What is said when Ctrl-C comes as the first photo is to be judged."""
    with pytest.raises(Interrupted) as stopped:
        studied(judge, root, Counting(stop_at=1), question)
    return str(stopped.value)


def told(file):
    return json.loads(file.read_text(encoding="utf-8"))


def test_each_folder_of_photos_is_a_smear_with_everything_that_one_smear_gets(once):
    root, found = once
    assert [row.name for row in found.study.rows] == ["ann/photos", "bob/photos", "eve"]
    folders, files = {"ann-photos", "bob-photos", "eve"}, {"study.html", "study.csv", "study.json"}
    assert {place.name for place in (root / "out").iterdir()} == folders | files
    pages = {"smear.html", "smear.pdf", "smear.json", "cells.csv", "review.csv", "review.png", "photos"}
    assert {place.name for place in (root / "out" / "eve").iterdir()} == pages


def test_a_smear_is_called_as_its_folder(once):
    assert told(once[0] / "out" / "bob-photos" / "smear.json")["name"] == "bob/photos"


def test_a_smear_of_which_nothing_can_be_read_stops_no_other(judge, root):
    (root / "photos-in" / "ann" / "photos" / "one.png").write_bytes(b"no picture")
    rows = studied(judge, root, Counting()).study.rows
    assert [(row.decision, row.photos, row.usable) for row in rows] == [("unusable photos", 1, 0)] * 3


def test_a_study_that_was_stopped_goes_on_and_gives_what_it_gives_in_one_go(judge, once, tmp_path):
    three_smears(tmp_path)
    with pytest.raises(Interrupted, match="Stopped after 2 of 3 smears"):
        studied(judge, tmp_path, Counting(stop_at=3))
    progress = Counting()
    assert studied(judge, tmp_path, progress).kept == 2
    assert progress.photos == 1
    for name in ("study.csv", "study.json", "study.html", "eve/smear.json"):
        assert (tmp_path / "out" / name).read_bytes() == (once[0] / "out" / name).read_bytes()


def test_nothing_is_judged_again_when_nothing_has_changed(judge, root):
    progress = Counting()
    assert studied(judge, root, progress).kept == 3
    assert progress.photos == 0


def test_smears_of_a_study_of_schema_2_are_not_judged_again(judge, root):
    content = told(root / "out" / "study.json")
    for row in content["smears"]:
        row["made_of"] = row.pop("input_digest")
    old = {name: value for name, value in content.items() if name not in ("kind", "result")} | {"schema": 2}
    (root / "out" / "study.json").write_text(json.dumps(old), encoding="utf-8")
    assert studied(judge, root, Counting()).kept == 3
    assert told(root / "out" / "study.json")["schema"] == 3


def test_a_smear_whose_photo_has_changed_is_judged_again(judge, root):
    blank(root / "photos-in" / "eve" / "one.png", 90)
    assert "after 2 of 3 smears" in finished_when_stopped(judge, root)


def test_a_smear_with_one_more_photo_is_judged_again(judge, root):
    blank(root / "photos-in" / "bob" / "photos" / "two.png", 90)
    assert "after 2 of 3 smears" in finished_when_stopped(judge, root)


def test_a_second_stop_loses_nothing_that_was_finished(judge, root):
    blank(root / "photos-in" / "ann" / "photos" / "one.png", 90)
    assert finished_when_stopped(judge, root) == finished_when_stopped(judge, root)
    assert studied(judge, root, Counting()).kept == 2


def test_the_page_of_a_smear_shows_the_photos_in_its_own_folder(once):
    folder = once[0] / "out" / "bob-photos"
    (photo,) = told(folder / "smear.json")["photos"]
    assert photo["outlined"] == "photos/one.jpg"
    assert (folder / "photos" / "one.jpg").is_file()


def test_a_smear_whose_page_is_gone_is_judged_again(judge, root):
    (root / "out" / "eve" / "smear.html").unlink()
    assert "after 2 of 3 smears" in finished_when_stopped(judge, root)


@pytest.mark.parametrize(
    "question", [Question(limit=0.05), Question(red_cells=4e6), Question(sensitivity=0.8)]
)
def test_another_question_is_answered_anew(judge, root, question):
    assert "after 0 of 3 smears" in finished_when_stopped(judge, root, question)


def test_another_bundle_judges_anew(judge, root):
    other = Judge(judge.pipeline, "shipped", "another digest")
    assert "after 0 of 3 smears" in finished_when_stopped(other, root)


def test_a_folder_that_bears_the_name_of_a_file_of_the_study_gets_another(judge, root):
    (root / "photos-in" / "eve").rename(root / "photos-in" / "study.html")
    found = studied(judge, root, Counting())
    assert [row.folder for row in found.study.rows] == ["ann-photos", "bob-photos", "study.html-2"]
    assert found.page.is_file()
