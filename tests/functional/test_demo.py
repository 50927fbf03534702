"""The main job, from cells to a report, through the command line."""

import csv
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

FEW = '[dataset]\nname = "synthetic"\ncells = 200\npatients = 20\n'
FILES = ["bundle/bundle.json", "bundle/network.onnx", "bundle/calibration.npz", "bundle/card.md"]
FILES += ["report/report.html", "report/metrics.json", "report/scores.csv", "split.csv", "recipe.toml"]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest_of(cells, path):
    """A manifest that names the drawn cells."""
    files = sorted(cells.rglob("*.png"))
    lines = [f"{file},{int(file.parent.name == 'Parasitized')},{file.name.split('P')[0]}" for file in files]
    path.write_text("\n".join(["path,label,patient", *lines]), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Begun:
    """A demo that ran in a folder of its own, without --out: what it said, and where its report is."""

    folder: Path
    said: str

    @property
    def report(self):
        return next(self.folder.glob("*/report"))


@pytest.fixture(scope="module")
def begun(request, call, cells, zipped, recipes, tmp_path_factory):
    """A demo on the drawn cells in this form, run once for all tests that look at it."""
    folder = tmp_path_factory.mktemp(request.param)
    made = {"folder": cells, "zip": zipped, "manifest": manifest_of(cells, folder / "my cells.csv")}
    data = ("--data", made[request.param]) if request.param in made else ()
    recipe = folder / "recipe of few cells.toml"
    recipe.write_text(recipes["pca"].read_text(encoding="utf-8") + FEW, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        outcome = call("demo", "--config", recipe, *data)
    assert outcome.exit_code == 0, outcome.stderr
    return Begun(folder, outcome.stdout)


@pytest.mark.parametrize("name", FILES)
def test_the_demo_writes(demonstrated, name):
    assert (demonstrated / name).stat().st_size > 0


def test_the_demo_draws_each_figure_as_png_and_svg(demonstrated):
    figures = sorted((demonstrated / "report" / "figures").iterdir())
    assert {file.suffix for file in figures} == {".png", ".svg"}
    assert {file.stem for file in figures if file.suffix == ".png"} >= {"roc", "gallery"}


def test_the_demo_warns_of_few_patients_and_says_how_much_is_explained(demonstrated):
    screen = demonstrated.with_name("screen.txt").read_text(encoding="utf-8")
    page = (demonstrated / "report" / "report.html").read_text(encoding="utf-8")
    numbers = json.loads((demonstrated / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert "The test cells are of 3 patients only: with fewer than 20" in " ".join(screen.split())
    assert "only: with fewer than 20" in page
    assert "% of the variance of healthy cells of held-out patients" in page
    assert 0 < numbers["training"]["variance_explained"] < 1


def test_the_demo_leaves_nothing_half_done_behind(demonstrated):
    assert {file.name for file in demonstrated.iterdir()} == {
        "bundle",
        "report",
        "split.csv",
        "recipe.toml",
        "training.json",
    }


def test_the_demo_goes_on_with_another_rule_where_its_cells_are_too_few(call, cells, recipes, tmp_path):
    outcome = call("demo", "--config", recipes["sure"], "--data", cells, "--out", tmp_path / "out")
    assert outcome.exit_code == 0
    assert "needs 10 patients" in outcome.stdout
    assert "The demo goes on with the rule quantile at 5 %" in outcome.stdout
    resolved = (tmp_path / "out" / "recipe.toml").read_text(encoding="utf-8")
    assert 'name = "quantile"\nfalse_positive_rate = 0.05' in resolved


def test_the_report_tells_infected_cells_from_healthy_ones(demonstrated):
    metrics = json.loads((demonstrated / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["metrics"]["auroc"]["all_labels"]["pca"]["value"] > 0.9


def test_the_rows_of_the_report_are_the_test_cells_of_the_split(demonstrated):
    judged = {row["path"].rpartition("/")[2] for row in rows(demonstrated / "report" / "scores.csv")}
    split = rows(demonstrated / "split.csv")
    assert judged == {row["path"].rpartition("/")[2] for row in split if row["part"] == "test"}


def test_the_screen_shows_metrics_and_where_the_report_is(demonstrated):
    screen = demonstrated.with_name("screen.txt").read_text(encoding="utf-8")
    assert "AUROC" in screen
    assert f"Report: {demonstrated / 'report' / 'report.html'}" in screen
    assert "Next:   normocyte score" in screen


@pytest.mark.parametrize("begun", ["folder", "zip", "manifest", "drawn"], indirect=True, scope="module")
def test_the_command_that_a_demo_names_next_works_word_for_word(begun, call, monkeypatch):
    monkeypatch.chdir(begun.folder)
    (command,) = re.findall("^Next: +normocyte (.*)$", begun.said, re.MULTILINE)
    assert call(*shlex.split(command)).exit_code == 0
    assert len(rows(begun.folder / "scores.csv")) >= 160


@pytest.mark.parametrize("begun", ["folder", "zip", "manifest"], indirect=True, scope="module")
def test_the_same_cells_in_any_form_give_the_same_scores(begun, demonstrated):
    again = [row["score"] for row in rows(begun.report / "scores.csv")]
    assert again == [row["score"] for row in rows(demonstrated / "report" / "scores.csv")]


def test_another_seed_judges_other_patients(call, cells, recipes, demonstrated, tmp_path):
    call("train", recipes["pca"], "--data", cells, "--out", tmp_path / "bundle", "--seed", 8)
    assert (tmp_path / "split.csv").read_bytes() != (demonstrated / "split.csv").read_bytes()


def test_a_recipe_that_comes_along_runs_by_its_name(call, cells, tmp_path):
    outcome = call("demo", "--config", "local_contrast", "--data", cells, "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert 'name = "contrast_map"' in (tmp_path / "out" / "recipe.toml").read_text(encoding="utf-8")


def test_the_stain_rule_alone_needs_no_baseline(call, cells, tmp_path):
    outcome = call("demo", "--config", "stain_rule", "--data", cells, "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    header = next(line for line in outcome.stdout.splitlines() if line.startswith("95 % intervals"))
    assert header.split()[-2:] == ["patients", "stain_rule"]


def test_without_data_the_cells_are_drawn(call, tmp_path):
    recipe = tmp_path / "drawn.toml"
    text = '[detector]\nname = "stain_rule"\n[score]\nname = "mean_square"\n[threshold]\nname = "quantile"\n'
    shape = '[[preprocessing]]\nname = "resize"\n[[preprocessing]]\nname = "stain_ratio"\n'
    drawn = '[dataset]\nname = "synthetic"\ncells = 120\npatients = 12\n'
    recipe.write_text(drawn + text + shape, encoding="utf-8")
    outcome = call("demo", "--config", recipe, "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert len(list((tmp_path / "out" / "cells").rglob("*.png"))) == 120


def test_the_data_may_be_given_without_an_option(call, cells, recipes, demonstrated, tmp_path):
    outcome = call("demo", cells, "--config", recipes["pca"], "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    again = (tmp_path / "out" / "report" / "scores.csv").read_bytes()
    assert again == (demonstrated / "report" / "scores.csv").read_bytes()


def test_data_that_are_given_twice_are_refused(call, cells, tmp_path):
    outcome = call("demo", cells, "--data", tmp_path / "others", "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert outcome.stderr.replace("\n", " ").startswith("Error: The data are given twice, as ")
    assert "give them once." in outcome.stderr
