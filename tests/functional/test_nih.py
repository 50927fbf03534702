"""The main job on a few hundred real cells, where they are at hand."""

import csv
import itertools
import json
import random
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.nih

REAL = Path(__file__).parents[3] / "shared" / "data" / "nih-malaria" / "cell_images"
CLASSES = ("Parasitized", "Uninfected")
PATIENTS = 10
CELLS = 15


def by_patient():
    """The real files by patient and class."""
    found = defaultdict(lambda: defaultdict(list))
    for file in sorted(REAL.glob("*/*.*")):
        found[file.name.split("P")[0]][file.parent.name].append(file)
    return found


@pytest.fixture(scope="module")
def real_cells(tmp_path_factory):
    """300 cells of 10 patients: of each, 15 infected and 15 healthy ones."""
    if not REAL.is_dir():
        pytest.skip(f"the NIH malaria cells are not at hand: there is no {'/'.join(REAL.parts[-4:])}")
    found = by_patient()
    enough = [name for name in sorted(found) if min(len(found[name][kind]) for kind in CLASSES) >= CELLS]
    chance = random.Random(7)
    chosen = chance.sample(enough, PATIENTS)
    folder = tmp_path_factory.mktemp("nih") / "cell_images"
    for name, kind in itertools.product(chosen, CLASSES):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for file in chance.sample(found[name][kind], CELLS):
            shutil.copy(file, folder / kind / file.name)
    return folder.parent


@pytest.fixture(scope="module")
def real_demo(call, real_cells, recipes, tmp_path_factory):
    """A demo on real cells; the stain rule is judged beside the principal components."""
    out = tmp_path_factory.mktemp("nih") / "out"
    outcome = call("demo", "--config", recipes["pca"], "--data", real_cells, "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    return out


@pytest.mark.parametrize("detector", ["pca", "stain_rule"])
def test_real_parasites_are_told_from_healthy_cells(detector, real_demo):
    metrics = json.loads((real_demo / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["metrics"]["auroc"]["all_labels"][detector]["value"] > 0.9


def test_real_cells_of_a_patient_stand_on_one_side(real_demo):
    with (real_demo / "split.csv").open(encoding="utf-8", newline="") as file:
        standing = {
            (row["patient"], row["part"]) for row in csv.DictReader(file) if row["part"] != "left_out"
        }
    assert len(standing) == PATIENTS


def test_every_real_cell_can_be_scored(call, real_cells, real_demo):
    outcome = call("score", real_cells, "--bundle", real_demo / "bundle", "--workers", 1)
    assert outcome.exit_code == 0
    assert outcome.stderr.startswith("300 scored, ")


def test_real_cells_pass_the_check(call, real_cells):
    outcome = call("data", "check", real_cells)
    assert outcome.exit_code == 0
    assert "unreadable files    0" in outcome.stdout
