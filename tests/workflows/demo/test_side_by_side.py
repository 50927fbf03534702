"""A demo of two recipes that learn in a moment: one split, one page, and what is there already is kept."""

import csv
import json

import cv2
import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.progress import Silent
from normocyte.datasets.opening.detect import open_cohort
from normocyte.datasets.synthetic import Synthetic, write_synthetic
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.demo import Demonstrated, DemoRequest, demo_side_by_side, recipes_for

RECIPES = (("first", find_recipe("local_contrast")), ("second", find_recipe("pca")))


class Told(Silent):
    """Keeps the tasks that begin."""

    def __init__(self):
        self.tasks = []

    def begin(self, task, total):
        self.tasks.append(task)


@pytest.fixture(autouse=True, scope="module")
def _as_quick_as_can_be(pictures_drawn_once):
    """The demos draw each picture once."""


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story") / "cells"
    write_synthetic(Synthetic(str(folder), cells=200, patients=20, difficulty="real"), Silent())
    return folder


@pytest.fixture(scope="module")
def told(cells, tmp_path_factory):
    """The demo, its folder, and the tasks of a second call."""
    out = tmp_path_factory.mktemp("demo") / "out"
    request = DemoRequest(out, cells, recipes=RECIPES)
    done = demo_side_by_side(request, Silent())
    again = Told()
    demo_side_by_side(request, again)
    return done, out, again.tasks


def test_the_methods_stand_from_the_simplest_to_the_one_that_is_kept(told):
    done, _, _ = told
    assert [method.name for method in done.contents.methods] == ["baseline rule", "first", "second"]
    assert done.contents.evaluation.detectors == ("second", "first", "baseline rule")


def test_every_method_judges_the_same_cells(told):
    done, _, _ = told
    assert {len(method.scores) for method in done.contents.methods} == {
        len(done.contents.evaluation.cells.labels)
    }
    assert {len(method.views) for method in done.contents.methods} == {4}


def test_both_recipes_learn_from_the_same_split(told):
    _, out, _ = told
    assert (out / "split.csv").read_bytes() == (out / "first" / "split.csv").read_bytes()


@pytest.mark.parametrize("name", ["bundle/bundle.json", "first/bundle/bundle.json", "report/scores.csv"])
def test_the_demo_leaves(told, name):
    _, out, _ = told
    assert (out / name).is_file()


def test_the_numbers_of_each_method_are_written(told):
    done, out, _ = told
    methods = json.loads((out / "report" / "methods.json").read_text(encoding="utf-8"))["methods"]
    metrics = json.loads((out / "report" / "metrics.json").read_text(encoding="utf-8"))["metrics"]
    for method in done.contents.methods:
        found = methods[method.name]["sensitivity_at_specificity_99"]
        assert found == metrics["sensitivity_at_specificity_99"]["all_labels"][method.name]
        assert methods[method.name]["after_tuning"]["rule"] == "best_f1"


def test_a_second_call_keeps_what_was_trained(told):
    _, _, tasks = told
    assert [task for task in tasks if "Trained before" in task] == [
        "first: Trained before, kept",
        "second: Trained before, kept",
    ]
    assert not any("Preparing" in task for task in tasks)


def test_of_healthy_cells_alone_one_recipe_is_trained_and_that_is_said(cells, tmp_path):
    request = DemoRequest(tmp_path / "out", cells / "cell_images" / "Uninfected", recipes=RECIPES)
    done = demo_side_by_side(request, Silent())
    assert isinstance(done, Demonstrated)
    assert "No cell is anomalous, so there is nothing to compare: only second was trained." in done.note


@pytest.fixture
def gray(cells, tmp_path):
    """The cells without colour."""
    with (tmp_path / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "label", "patient"))
        for record in open_cohort(cells).records[::2]:
            place = tmp_path / record.source.name
            cv2.imwrite(str(place), cv2.imread(str(record.source.path), cv2.IMREAD_GRAYSCALE))
            table.writerow((place, record.label, record.patient))
    return open_cohort(tmp_path / "cells.csv")


def test_of_gray_images_only_a_recipe_that_reads_them_is_trained_and_that_is_said(gray, tmp_path):
    recipes, note = recipes_for(DemoRequest(tmp_path, tmp_path / "cells.csv"), gray)
    assert [name for name, _ in recipes] == ["classic"]
    assert note == "The images are gray, and default reads colour alone: only classic was trained."


def test_gray_images_that_no_recipe_reads_are_refused(gray, tmp_path):
    with pytest.raises(DatasetError, match="The images are gray"):
        recipes_for(DemoRequest(tmp_path, recipes=RECIPES), gray)


def test_synthetic_cells_have_no_shortcut_baselines_and_that_is_said(monkeypatch, told, tmp_path):
    few = Synthetic(cells=200, patients=20, difficulty="real")
    monkeypatch.setattr("normocyte.workflows.demo.SYNTHETIC", few)
    drawn = demo_side_by_side(DemoRequest(tmp_path / "out", recipes=RECIPES), Silent())
    assert drawn.contents.evaluation.shortcuts.rows == ()
    assert "no camera can differ" in drawn.page.read_text(encoding="utf-8")
    assert told[0].contents.evaluation.shortcuts.rows
