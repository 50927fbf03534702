"""Several smears in one call: each for itself, and nothing twice."""

import json
import shutil
import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import Interrupted
from normocyte.core.progress import Silent
from normocyte.workflows.smear.request import Labels, SmearRequest, opened
from normocyte.workflows.smear.smear import smear
from normocyte.workflows.smear.study import study, study_of


def blank(place, shade):
    place.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(place), np.full((240, 320, 3), shade, np.uint8))


def three_smears(root):
    """Three smears of a blank photo each; two of them have folders of one name."""
    for shade, place in enumerate(("ann/photos", "bob/photos", "eve")):
        blank(root / "photos-in" / place / "one.png", 200 + shade)
    return root


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """Three smears with their study; nobody changes them."""
    root = three_smears(tmp_path_factory.mktemp("once"))
    return root, studied(root, Counting())


@pytest.fixture
def root(once, tmp_path):
    """A copy of the same that a test may spoil."""
    return shutil.copytree(once[0], tmp_path / "root")


class Counting(Silent):
    """Keeps how many photos were to be judged, and stops at one of them as Ctrl-C does."""

    def __init__(self, stop_at=0):
        self.photos, self.done, self.stop_at = 0, 0, stop_at

    def begin(self, task, total):
        self.photos += total

    def advance(self, steps=1, note=""):
        self.done += steps
        if self.done == self.stop_at:
            raise Stopped


def request(root, **options):
    return SmearRequest([root / "photos-in"], root / "out", by="folder", **options)


def studied(root, progress, **options):
    return study(request(root, **options), progress)


def finished_when_stopped(root, **options):
    """What is said when Ctrl-C comes as the first photo is to be judged."""
    with pytest.raises(Interrupted) as stopped:
        studied(root, Counting(stop_at=1), **options)
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


def test_a_smear_of_which_nothing_can_be_read_stops_no_other(root):
    (root / "photos-in" / "ann" / "photos" / "one.png").write_bytes(b"no picture")
    rows = studied(root, Counting()).study.rows
    assert [(row.decision, row.photos, row.usable) for row in rows] == [("unusable photos", 1, 0)] * 3


def test_a_study_that_was_stopped_goes_on_and_gives_what_it_gives_in_one_go(once, tmp_path):
    three_smears(tmp_path)
    with pytest.raises(Interrupted, match="Stopped after 2 of 3 smears"):
        studied(tmp_path, Counting(stop_at=3))
    progress = Counting()
    assert studied(tmp_path, progress).kept == 2
    assert progress.photos == 1
    for name in ("study.csv", "study.json", "study.html", "eve/smear.json"):
        assert (tmp_path / "out" / name).read_bytes() == (once[0] / "out" / name).read_bytes()


def test_nothing_is_judged_again_when_nothing_has_changed(root):
    progress = Counting()
    assert studied(root, progress).kept == 3
    assert progress.photos == 0


def test_smears_of_a_study_of_schema_2_are_not_judged_again(root):
    content = told(root / "out" / "study.json")
    for row in content["smears"]:
        row["made_of"] = row.pop("input_digest")
    old = {name: value for name, value in content.items() if name not in ("kind", "result")} | {"schema": 2}
    (root / "out" / "study.json").write_text(json.dumps(old), encoding="utf-8")
    assert studied(root, Counting()).kept == 3
    assert told(root / "out" / "study.json")["schema"] == 3


def test_a_smear_whose_photo_has_changed_is_judged_again(root):
    blank(root / "photos-in" / "eve" / "one.png", 90)
    assert "after 2 of 3 smears" in finished_when_stopped(root)


def test_a_smear_with_one_more_photo_is_judged_again(root):
    blank(root / "photos-in" / "bob" / "photos" / "two.png", 90)
    assert "after 2 of 3 smears" in finished_when_stopped(root)


def test_a_second_stop_loses_nothing_that_was_finished(root):
    blank(root / "photos-in" / "ann" / "photos" / "one.png", 90)
    assert finished_when_stopped(root) == finished_when_stopped(root)
    assert studied(root, Counting()).kept == 2


def test_the_page_of_a_smear_shows_the_photos_in_its_own_folder(once):
    folder = once[0] / "out" / "bob-photos"
    (photo,) = told(folder / "smear.json")["photos"]
    assert photo["outlined"] == "photos/one.jpg"
    assert (folder / "photos" / "one.jpg").is_file()


def test_a_smear_whose_page_is_gone_is_judged_again(root):
    (root / "out" / "eve" / "smear.html").unlink()
    assert "after 2 of 3 smears" in finished_when_stopped(root)


@pytest.mark.parametrize(
    "question", [{"limit": 0.05}, {"red_cells": 4e6}, {"sensitivity": 0.8}, {"labels": Labels(date="today")}]
)
def test_another_question_is_answered_anew(root, question):
    assert "after 0 of 3 smears" in finished_when_stopped(root, **question)


def test_another_bundle_judges_anew(root):
    material = opened(request(root), Silent())
    other = replace(material, bundle=replace(material.bundle, digest="another digest"))
    with pytest.raises(Interrupted, match="after 0 of 3 smears"):
        study_of(other, root / "out", Counting(stop_at=1))


def test_a_folder_that_bears_the_name_of_a_file_of_the_study_gets_another(root):
    (root / "photos-in" / "eve").rename(root / "photos-in" / "study.html")
    found = studied(root, Counting())
    assert [row.folder for row in found.study.rows] == ["ann-photos", "bob-photos", "study.html-2"]
    assert found.page.is_file()


class Cancelling(Counting):
    """Another thread sets the token as the n-th photo is done."""

    def __init__(self, token, at):
        super().__init__()
        self.token, self.at = token, at

    def advance(self, steps=1, note=""):
        self.done += steps
        if self.done == self.at:
            thread = threading.Thread(target=self.token.set)
            thread.start()
            thread.join()


def test_a_token_set_by_a_thread_stops_a_study_after_a_smear_and_the_next_call_goes_on(once, tmp_path):
    three_smears(tmp_path)
    token = CancelToken()
    with pytest.raises(Interrupted, match="Stopped after 2 of 3 smears"):
        study(request(tmp_path), Cancelling(token, 2), token)
    assert studied(tmp_path, Counting()).kept == 2
    for name in ("study.csv", "study.json", "study.html", "eve/smear.json"):
        assert (tmp_path / "out" / name).read_bytes() == (once[0] / "out" / name).read_bytes()


def test_a_smear_in_a_thread_of_its_own_is_stopped_with_a_sentence(root, tmp_path):
    token, said = CancelToken(), []

    def work():
        try:
            smear(SmearRequest([root / "photos-in"], tmp_path / "one"), Cancelling(token, 1), token)
        except Interrupted as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["Stopped. Files that were not whole yet are gone, all others are kept."]
    assert not (tmp_path / "one" / "smear.html").exists()
