"""Images that cannot be read are told at once, all of the set, before anything is learnt."""

import shutil

import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.progress import Silent
from normocyte.core.types import ANOMALY, HEALTHY, Part
from normocyte.datasets.opening.detect import open_cohort
from normocyte.engine.copies import with_copies
from normocyte.pipeline.recipe.recipe import find_recipe, read_recipe
from normocyte.workflows.demo import DemoRequest, demo, demo_side_by_side
from normocyte.workflows.training.train import train

LABELLED = """
[[preprocessing]]
name = "resize"
size = 16
[detector]
name = "pca"
components = 4
[score]
name = "mean_square"
[threshold]
name = "best_f1"
"""


class Heard(Silent):
    """Keeps the tasks and the sentences, and how many tasks had begun before each sentence."""

    def __init__(self):
        self.tasks, self.sentences, self.after = [], [], []

    def begin(self, task, _total):
        self.tasks.append(task)

    def tell(self, sentence):
        if sentence:
            self.sentences.append(sentence)
            self.after.append(len(self.tasks))


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "labelled.toml").write_text(LABELLED, encoding="utf-8")
    return read_recipe(tmp_path / "labelled.toml")


@pytest.fixture
def spoilt(drawn_cells, recipe, tmp_path):
    """Gives a copy of the cells where so many of each part are cut off; of these labels."""

    def spoil(labels=(HEALTHY, ANOMALY), **parts):
        folder = shutil.copytree(drawn_cells, tmp_path / "cells")
        split = open_cohort(folder).split(recipe.fractions, recipe.seed, recipe.protocol)
        for part, count in parts.items():
            for record in [one for one in split.part(Part(part)) if one.label in labels][:count]:
                file = record.source.path
                file.write_bytes(file.read_bytes()[:100])
        return folder

    return spoil


def test_broken_files_of_all_parts_are_refused_together_before_anything_is_prepared(spoilt, recipe, tmp_path):
    cohort, heard = open_cohort(spoilt(train=5, calibration=2, tuning=2, test=3)), Heard()
    said = r"^12 of 160 images cannot be read, more than 2% of the parts train, calibration and tuning: "
    with pytest.raises(DatasetError, match=said) as refused:
        train(recipe, cohort, tmp_path / "bundle", heard)
    assert heard.tasks == ["Looking for copies"]
    assert heard.sentences == []
    assert " and 7 more. The first: C" in str(refused.value)
    assert "Mend or remove all of them; normocyte data check lists them." in str(refused.value)


def test_after_these_are_mended_nothing_is_refused(spoilt, drawn_cells, recipe, tmp_path):
    folder = spoilt(train=5, calibration=2, tuning=2, test=3)
    for source, _ in _refused(recipe, folder, tmp_path).unreadable:
        whole = drawn_cells / source.path.relative_to(folder)
        source.path.write_bytes(whole.read_bytes())
    assert train(recipe, open_cohort(folder), tmp_path / "bundle", Silent()).faults == ()


def _refused(recipe, folder, tmp_path):
    cohort = with_copies(open_cohort(folder), Silent())
    with pytest.raises(DatasetError):
        train(recipe, cohort, tmp_path / "bundle", Silent())
    return cohort


def test_a_demo_of_two_recipes_refuses_the_parts_of_both(spoilt, recipe, tmp_path):
    folder, heard = spoilt(tuning=2), Heard()
    request = DemoRequest(
        tmp_path / "out", folder, recipes=(("first", find_recipe("pca")), ("second", recipe))
    )
    with pytest.raises(DatasetError, match="2 of 160 images cannot be read, more than 2% of the part tuning"):
        demo_side_by_side(request, heard)
    assert heard.tasks == ["Looking for copies"]


def test_broken_test_images_are_told_once_and_before_the_training(spoilt, recipe, tmp_path):
    folder, heard = spoilt(test=2), Heard()
    demo(recipe, folder, tmp_path / "out", heard)
    said = [sentence for sentence in heard.sentences if "cannot be read" in sentence]
    assert len(said) == 1
    assert said[0].startswith("2 of 160 images cannot be read and are left out: C")
    assert heard.after[heard.sentences.index(said[0])] == heard.tasks.index("Preparing train")


def test_a_demo_without_a_readable_anomaly_to_test_on_is_refused_before_any_training(spoilt, tmp_path):
    recipes = (("first", find_recipe("contrast")), ("second", find_recipe("pca")))
    folder, heard = spoilt([ANOMALY], test=999), Heard()
    with pytest.raises(
        DatasetError, match=r"0 of the \d+ test cells are anomalous.* others cannot be judged"
    ):
        demo_side_by_side(DemoRequest(tmp_path / "out", folder, recipes=recipes), heard)
    assert heard.tasks == ["Looking for copies"]


def test_a_single_one_is_named_with_its_reason_alone(spoilt, recipe, tmp_path):
    heard = Heard()
    train(recipe, open_cohort(spoilt(test=1)), tmp_path / "bundle", heard)
    (said,) = [sentence for sentence in heard.sentences if "cannot be read" in sentence]
    assert said.startswith("1 of 160 images cannot be read and is left out: C")
    assert said.count(".png is cut off after 100 bytes") == said.count(".png") == 1
    assert said.endswith("copy or export the file again.")
