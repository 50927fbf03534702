"""Comparing through the command line: what is trained, kept, counted, refused and said."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from normocyte.core.types import Part
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.opening.detect import open_dataset
from normocyte.datasets.splits.split import Fractions, split
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.recipe.configurations import configuration_path
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.comparison.run import place_of

FILES = ["comparison.csv", "comparison.html", "comparison.json", "comparison.md"]
HUNGRY = """
[[preprocessing]]
name = "resize"
size = 16
[detector]
name = "pca"
components = 200
[score]
name = "mean_square"
[threshold]
name = "quantile"
"""


@pytest.fixture(autouse=True, scope="module")
def _few_cells_for_a_time():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("normocyte.workflows.comparison.run.TIMED", 8)
        yield


@pytest.fixture(scope="module")
def hungry(tmp_path_factory):
    """A configuration that asks for more components than there are cells."""
    path = tmp_path_factory.mktemp("hungry") / "hungry.toml"
    path.write_text(HUNGRY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def compared(call, cells, recipes, hungry, tmp_path_factory):
    """The folder and the outcome of comparing four configurations, one of which fails. Nobody changes it."""
    out = tmp_path_factory.mktemp("compared") / "out"
    words = ("stain_rule", "contrast", recipes["pca"], hungry, "--data", cells, "--seeds", 2, "--out", out)
    return out, call("compare", *words)


@pytest.fixture(scope="module")
def told(compared):
    return json.loads((compared[0] / "comparison.json").read_text(encoding="utf-8"))


@pytest.fixture
def copied(compared, tmp_path):
    """A copy of the comparison that a test may change."""
    return shutil.copytree(compared[0], tmp_path / "out")


def runs(folder):
    """The file of each finished run, by the name of its folder, and when it was written."""
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("runs/*/run.json")}


def test_everything_is_written(compared):
    out, _ = compared
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == FILES
    assert sorted(path.name for path in (out / "figures").iterdir()) == ["pareto.png", "pareto.svg"]


def test_each_run_keeps_what_its_threshold_flags(compared):
    found = [json.loads(path.read_text())["threshold"] for path in compared[0].glob("runs/*/run.json")]
    assert all(0 <= one["found"] <= one["anomalies"] > 0 for one in found)
    assert all(one["agreement"]["test"] > 0 for one in found)


def test_a_threshold_that_flags_nothing_is_told_beside_figures_that_do_not_need_it(call, cells, tmp_path):
    text = configuration_path("stain_rule").read_text("utf-8").replace('"quantile"', '"mean_plus_sigma"')
    (tmp_path / "high.toml").write_text(text.replace("false_positive_rate = 0.01", "sigmas = 50"), "utf-8")
    asked = ("compare", tmp_path / "high.toml", "stain_rule", "--data", cells, "--out", tmp_path / "out")
    call(*asked, "--seeds", 1)
    again = " ".join(call(*asked, "--seeds", 1).stdout.split())
    assert "2 runs were there already" in again
    assert "At its own threshold high flags none of the " in again
    assert "stain_rule flags" not in again


def test_a_failure_is_a_row_with_its_reason_and_status_1(compared, told):
    _, outcome = compared
    assert outcome.exit_code == 1
    assert "hungry failed: seed 0: pca needs at least 201 healthy cells" in outcome.stderr
    assert told["configurations"]["hungry"]["failure"].startswith("seed 0: pca needs at least 201")
    assert [name for name, row in told["configurations"].items() if row["all_labels"]] == [
        "stain_rule",
        "contrast",
        "pca",
    ]


def test_every_finished_run_is_a_file_beside_its_bundle(compared):
    names = sorted(name.rpartition("-")[0] for name in runs(compared[0]))
    assert names == [f"{name}-seed{seed}" for name in ("contrast", "pca", "stain_rule") for seed in (0, 1)]
    assert all(load_bundle(compared[0] / "runs" / name / "bundle") for name in runs(compared[0]))


def test_the_folder_of_a_swept_run_has_no_brackets():
    recipe = find_recipe("pca")
    place = place_of("pca[detector.components=8, seed=1]", recipe, Cohort("x", ()), Path("runs"))
    assert place.name.startswith("pca-detector.components=8-seed=1-seed")


def test_all_are_judged_on_the_test_patients_of_the_seed(compared, cells):
    records = open_dataset(cells).records()
    for seed in (0, 1):
        test = split(records, Fractions(), seed).part(Part.TEST)
        found = [json.loads(path.read_text()) for path in compared[0].glob(f"runs/*-seed{seed}-*/run.json")]
        expected = [record.source.name for record in test]
        assert [run["cells"]["file"] for run in found] == [expected] * 3


def test_a_figure_is_the_mean_over_the_kept_scores(compared, told):
    kept = [json.loads(path.read_text())["cells"] for path in sorted(compared[0].glob("runs/pca-*/run.json"))]
    by_hand = [roc_auc_score(run["label"], run["score"]) for run in kept]
    auroc = told["configurations"]["pca"]["all_labels"]["auroc"]
    assert auroc["by_seed"] == pytest.approx(by_hand)
    assert auroc["value"] == pytest.approx(np.mean(by_hand))
    assert auroc["low"] < auroc["value"] < auroc["high"]


def test_differences_are_from_the_first_configuration(told):
    rows = {name: row["all_labels"] for name, row in told["configurations"].items() if not row["failure"]}
    values = {name: row["auroc"]["value"] for name, row in rows.items()}
    differences = {name: row["auroc"]["difference"]["value"] for name, row in rows.items()}
    assert told["reference"] == "stain_rule"
    assert differences["stain_rule"] is None
    assert differences["pca"] == pytest.approx(values["pca"] - values["stain_rule"])


def test_costs_are_measured(told):
    costs = told["configurations"]["pca"]["costs"]
    assert costs["parameters"] == 8 * 32 * 32 + 32 * 32
    assert min(costs["ms_per_cell"], costs["training_s"], costs["bundle_bytes"]) > 0


def test_the_table_on_the_screen_fits_100_columns(compared):
    lines = compared[1].stdout.splitlines()
    assert max(map(len, lines[:-1])) <= 100
    assert [
        word
        for word in ("stain_rule", "contrast", "pca", "hungry", "failed")
        if word not in compared[1].stdout
    ] == []


def test_the_csv_names_every_configuration(compared):
    with (compared[0] / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["configuration"] for row in rows} == {"stain_rule", "contrast", "pca", "hungry"}
    assert [row["failure"][:6] for row in rows if row["configuration"] == "hungry"] == ["seed 0"]


def test_a_second_time_nothing_is_repeated(call, cells, recipes, copied, told):
    before = runs(copied)
    words = ("stain_rule", "contrast", recipes["pca"], "--data", cells, "--seeds", 2, "--out", copied)
    outcome = call("compare", *words)
    assert outcome.exit_code == 0, outcome.stderr
    assert runs(copied) == before
    assert "6 runs were there already" in outcome.stdout
    again = json.loads((copied / "comparison.json").read_text(encoding="utf-8"))["configurations"]
    assert (
        again["pca"]["all_labels"]["auroc"]["value"]
        == told["configurations"]["pca"]["all_labels"]["auroc"]["value"]
    )


def test_a_changed_configuration_is_run_again_and_the_others_are_not(call, cells, recipes, copied, tmp_path):
    before = runs(copied)
    (tmp_path / "pca.toml").write_text(recipes["pca"].read_text().replace("= 8", "= 4"), encoding="utf-8")
    call("compare", "stain_rule", tmp_path / "pca.toml", "--data", cells, "--seeds", 2, "--out", copied)
    new = runs(copied).keys() - before.keys()
    assert sorted(name.rpartition("-")[0] for name in new) == ["pca-seed0", "pca-seed1"]
    assert {name: runs(copied)[name] for name in before} == before


def test_other_data_are_run_again(call, other_cells, copied):
    before = runs(copied)
    call("compare", "stain_rule", "--data", other_cells, "--seeds", 1, "--out", copied)
    assert len(runs(copied)) == len(before) + 1


@pytest.mark.parametrize(
    "spoilt", ["", "{}", '{"cells": {"row": [99999], "file": [], "patient": [], "label": []}}']
)
def test_a_damaged_run_is_made_again(spoilt, call, cells, copied):
    (damaged,) = copied.glob("runs/stain_rule-seed0-*/run.json")
    whole = json.loads(damaged.read_text(encoding="utf-8"))
    damaged.write_text(spoilt, encoding="utf-8")
    call("compare", "stain_rule", "--data", cells, "--seeds", 1, "--out", copied)
    assert json.loads(damaged.read_text(encoding="utf-8"))["cells"] == whole["cells"]


def test_a_sweep_a_split_of_its_own_and_doubts_are_all_said(call, own_cells, recipes, tmp_path):
    doubted = sorted(own_cells.rglob("*.png"))[::9]
    lines = "\n".join(["file", *(path.name for path in doubted)])
    (own_cells / "doubtful_labels.csv").write_text(lines, encoding="utf-8")
    own_split = '[split]\nprotocol = "clean_patients"\n'
    text = recipes["pca"].read_text().replace("components = 8", "components = [2, 4]")
    (tmp_path / "swept.toml").write_text(text.replace("[[", f"{own_split}[[", 1), encoding="utf-8")
    words = (
        tmp_path / "swept.toml",
        "stain_rule",
        "--data",
        own_cells,
        "--seeds",
        1,
        "--out",
        tmp_path / "o",
    )
    outcome = call("compare", *words, "--reference", "stain_rule")
    assert outcome.exit_code == 0, outcome.stderr
    told = json.loads((tmp_path / "o" / "comparison.json").read_text(encoding="utf-8"))
    assert list(told["configurations"]) == ["swept[components=2]", "swept[components=4]", "stain_rule"]
    assert told["configurations"]["stain_rule"]["without_doubtful"]["auroc"]["value"] is not None
    assert "ask for a [split] of their own" in " ".join(outcome.stdout.split())


MISTAKES = {
    "the same name twice": ("pca pca --data {cells} --out {tmp}/o", "'pca' would be compared twice"),
    "two files of one name": ("pca {pca} --data {cells} --out {tmp}/o", "'pca' would be compared twice"),
    "a missing file": ("{tmp}/no.toml --data {cells} --out {tmp}/o", "Cannot read the configuration"),
    "an unknown name": ("nonsense --data {cells} --out {tmp}/o", "no configuration called 'nonsense'"),
    "missing data": ("pca --data {tmp}/no --out {tmp}/o", "There is no folder or zip file"),
    "a reference that is not compared": (
        "pca contrast --data {cells} --out {tmp}/o --reference conv",
        "The reference 'conv' is none of the configurations. Choose one of: pca, contrast.",
    ),
    "no seeds": ("pca --data {cells} --out {tmp}/o --seeds 0", "Invalid value for '--seeds'"),
    "a file in place of the folder": ("pca --data {cells} --out {pca}", "Cannot make the folder"),
    "nothing to compare": ("--data {cells} --out {tmp}/o", "Missing argument"),
    "data without anomalies": (
        "pca --data {tmp}/healthy --out {tmp}/o",
        "Testing needs healthy and anomalous cells, but 0 of",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_one_sentence_status_2_and_trains_nothing(mistake, call, cells, recipes, tmp_path):
    shutil.copytree(cells / "cell_images" / "Uninfected", tmp_path / "healthy" / "healthy")
    words, sentence = MISTAKES[mistake]
    places = {"cells": cells, "tmp": tmp_path, "pca": recipes["pca"]}
    outcome = call("compare", *(word.format(**places) for word in words.split()))
    assert outcome.exit_code == 2, outcome.output
    assert sentence in " ".join(outcome.stderr.replace("│", " ").split())
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "o" / "runs").exists()


def test_a_demo_with_the_seed_0_gives_the_baseline_the_figure_of_the_first_seed(
    call, cells, recipes, told, tmp_path
):
    call("demo", "--config", recipes["pca"], "--seed", 0, "--data", cells, "--out", tmp_path / "demo")
    found = json.loads((tmp_path / "demo" / "report" / "metrics.json").read_text(encoding="utf-8"))
    of_demo = found["metrics"]["auroc"]["all_labels"]["stain_rule"]["value"]
    assert of_demo == told["configurations"]["stain_rule"]["all_labels"]["auroc"]["by_seed"][0]
    assert "other figures there" in told["facts"]["Figures of a report"]
    assert "other figures there" in found["facts"]["Seed"]


def test_of_few_patients_nothing_is_claimed_beyond_chance(compared):
    text = (compared[0] / "comparison.md").read_text(encoding="utf-8")
    assert "more than chance is not known" in text
    assert "and p-values too small, so none are given." in text
    assert "**" not in text


def test_broken_files_are_refused_together_before_any_configuration_is_trained(call, own_cells, tmp_path):
    for file in sorted(own_cells.rglob("*.png"))[::8]:
        file.write_bytes(file.read_bytes()[:100])
    outcome = call("compare", "stain_rule", "contrast", "--data", own_cells, "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert "20 of 160 images cannot be read, more than 2% of the parts train, " in outcome.stderr
    assert "Preparing" not in outcome.stderr
    assert not (tmp_path / "out").exists()
