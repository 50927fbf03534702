"""The folder of a new detector: whose it is, and when other images may take it."""

import pytest

from normocyte.core.errors import OutputError
from normocyte.core.types import HEALTHY, Record, Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.workflows.new.place import BUNDLE, KEPT, begin, check_folder, kept_choice


def cohort(tmp_path, *names):
    return Cohort("mine", tuple(Record(Source(tmp_path / name), HEALTHY, name) for name in names))


def test_what_was_only_begun_gives_way_once_images_were_removed(tmp_path):
    folder = tmp_path / "made"
    begin(folder, cohort(tmp_path, "a.png", "broken.png"), 7)
    assert kept_choice(folder, cohort(tmp_path, "a.png"), 7) is None


def test_a_bundle_of_other_images_is_never_replaced(tmp_path):
    folder = tmp_path / "made"
    begin(folder, cohort(tmp_path, "a.png"), 7)
    (folder / BUNDLE).mkdir()
    with pytest.raises(OutputError, match="made was made from another data set; choose another name"):
        kept_choice(folder, cohort(tmp_path, "b.png"), 7)


def test_other_images_of_the_same_names_are_another_data_set(tmp_path):
    folder, images = tmp_path / "made", cohort(tmp_path, "001.png", "002.png")
    (tmp_path / "001.png").write_bytes(b"a slice")
    begin(folder, images, 7)
    (folder / BUNDLE).mkdir()
    assert kept_choice(folder, images, 7) is None  # the same, of which nothing was chosen yet
    (tmp_path / "001.png").write_bytes(b"a ray")
    with pytest.raises(OutputError, match="remove the folder if its images have changed"):
        kept_choice(folder, images, 7)


def test_a_folder_of_something_else_is_refused_and_an_empty_one_taken(tmp_path):
    check_folder(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="was not made by normocyte new"):
        check_folder(tmp_path)
    (tmp_path / KEPT).write_text("{}")
    check_folder(tmp_path)
