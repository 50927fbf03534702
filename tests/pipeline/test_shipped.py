"""The bundle that comes along: small, whole, and made by the configuration beside it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.types import Batch
from normocyte.datasets.drawing.look import Kind
from normocyte.pipeline.bundle.bundle import load_bundle, open_bundle
from normocyte.pipeline.bundle.folder import SHIPPED, bundle_folder
from normocyte.pipeline.bundle.layout import SCHEMA
from normocyte.pipeline.recipe.recipe import find_recipe, recipe_table
from normocyte.results.verdict import Outcome


@pytest.fixture(scope="module")
def folder():
    return bundle_folder(Path(SHIPPED))


@pytest.fixture(scope="module")
def shipped(folder):
    return load_bundle(folder)


def test_it_is_of_the_format_that_is_written_now(folder, shipped):
    kept = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    assert kept["schema"] == SCHEMA
    assert shipped.pipeline.threshold.cut == kept["threshold"]
    assert [list(shipped.pipeline.shown.detector.curve_.loss)] == [curve["loss"] for curve in kept["curves"]]


def test_it_is_opened_by_its_name(folder, shipped):
    opened = open_bundle(SHIPPED)
    assert (opened.name, opened.folder, opened.digest) == (SHIPPED, folder, shipped.digest)


def test_it_shows_the_healthy_cell_where_scoring_takes_off_only_a_part(shipped):
    rng = np.random.default_rng(0)
    cells = Batch(rng.normal(0, 1, (4, 64, 64, 1)).astype(np.float32), np.ones((4, 64, 64), np.uint8))
    detector = shipped.pipeline.shown.detector
    healthy, is_healthy = detector.healthy(cells)
    taken, counted = np.abs(cells.pixels - healthy), np.abs(cells.pixels - detector.expected(cells))
    assert is_healthy
    assert (counted <= taken + 1e-6).all()
    assert taken.mean() > 1.2 * counted.mean()


def test_it_is_smaller_than_a_megabyte(folder):
    assert sum(file.stat().st_size for file in folder.rglob("*")) <= 1_000_000


def test_it_is_what_its_configuration_makes(shipped):
    assert recipe_table(shipped.recipe) == recipe_table(find_recipe("shipped"))


def test_it_is_the_default_recipe_with_every_patient(shipped):
    default = find_recipe("default")
    assert (shipped.recipe.members, shipped.recipe.threshold) == (default.members, default.threshold)
    assert {part.part: part.cells for part in shipped.facts.parts if not part.cells} == {
        "tuning": 0,
        "test": 0,
    }


def test_it_saw_no_label(shipped):
    assert not shipped.pipeline.threshold.uses_labels


def test_drawn_parasites_look_stranger_to_it_than_drawn_healthy_cells(shipped, drawn):
    healthy, infected = (
        [verdict.score for verdict in shipped.pipeline.verdicts(drawn(40, 3, kind))]
        for kind in (Kind.HEALTHY, Kind.TROPHOZOITE)
    )
    assert np.mean(np.array(infected)[:, np.newaxis] > healthy) >= 0.9


def test_a_picture_without_a_cell_is_not_assessable(shipped):
    verdict = shipped.pipeline.verdicts([np.full((80, 80, 3), 240, np.uint8)])[0]
    assert verdict.outcome is Outcome.NOT_ASSESSABLE


def test_its_card_says_what_it_is_for_and_what_it_is_not(folder):
    card = (folder / "card.md").read_text(encoding="utf-8")
    said = (
        "Intended use",
        "not a medical device",
        "Known failures",
        "Stain and species",
        "Licence",
        "P. vivax",
    )
    assert [words for words in said if words not in card] == []


def test_scoring_with_it_needs_no_training_library(folder):
    asked = (
        "import sys; from pathlib import Path; from normocyte.pipeline.bundle.bundle import load_bundle; "
        f"load_bundle(Path({str(folder)!r})); "
        "print([name for name in ('tensorflow', 'keras', 'sklearn', 'onnx') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_folder_of_that_name_goes_before_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / SHIPPED).mkdir()
    assert bundle_folder(Path(SHIPPED)) == Path(SHIPPED)
    assert bundle_folder(tmp_path) == tmp_path
