"""The page on a finished comparison: what stands in it, and that its figures come from the kept runs."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.types import Sample

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def weak():
    """The module that picks weakly stained cells."""
    return importlib.import_module("studies.results.weak")


@pytest.fixture(scope="module")
def doubted(cells, tmp_path_factory):
    """Drawn cells, some of whose labels are doubted."""
    folder = shutil.copytree(cells, tmp_path_factory.mktemp("doubted") / "cells")
    names = sorted(path.name for path in folder.rglob("*.png"))[::9]
    (folder / "doubtful_labels.csv").write_text("\n".join(["file", *names]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def compared(call, doubted, tmp_path_factory):
    """A finished comparison, with a run of an earlier state beside the others. Nobody changes it."""
    out = tmp_path_factory.mktemp("compared") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("normocyte.workflows.comparison.run.TIMED", 8)
        words = ("stain_rule", "contrast", "--data", doubted, "--seeds", 2, "--out", out)
        assert call("compare", *words, "--reference", "contrast").exit_code == 0
    (run,) = out.glob("runs/contrast-seed0-*")
    stale = json.loads((run / "run.json").read_text(encoding="utf-8"))
    stale["cells"]["score"].reverse()
    (out / "runs" / "contrast-seed0-0").mkdir()
    (out / "runs" / "contrast-seed0-0" / "run.json").write_text(json.dumps(stale), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def write(environment):
    """Runs the script in a process of its own."""

    def run(data, compared, page):
        words = [
            "--data",
            data,
            "--compared",
            compared,
            "--page",
            page,
            "--keep",
            page.with_name("kept.json"),
        ]
        command = [sys.executable, "-m", "studies.results", *words]
        return subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def page(write, doubted, compared):
    """The page on the comparison."""
    place = compared.parent / "docs" / "page.md"
    outcome = write(doubted, compared, place)
    assert outcome.returncode == 0, outcome.stderr
    return place


def by_hand(weak, compared, doubted, seed):
    """The sensitivity of `contrast` at 99 % specificity on the weak fifth, counted cell by cell."""
    (place,) = compared.glob(f"runs/contrast-seed{seed}-????*/run.json")
    cells = json.loads(place.read_text(encoding="utf-8"))["cells"]
    files = {path.name: path for path in doubted.rglob("*.png")}
    rows = list(zip(cells["file"], cells["label"], cells["doubtful"], cells["score"], strict=True))
    healthy = sorted((score for _, label, _, score in rows if not label), reverse=True)
    cut = healthy[int(0.01 * len(healthy))]
    sure = [
        (weak._contrast_in(weak.Source(files[file])), score)
        for file, label, is_doubted, score in rows
        if label and not is_doubted
    ]
    fifth = sorted(sure)[: round(len(sure) / 5)]
    return np.mean([score > cut for _, score in fifth])


def test_the_tables_of_the_comparison_stand_in_the_page(page, compared):
    told = (compared / "comparison.md").read_text(encoding="utf-8").split("\n")
    rows = [line for line in told if line.startswith("|")]
    assert len(rows) > 10
    assert [row for row in rows if row not in page.read_text(encoding="utf-8")] == []


def test_the_page_says_how_it_was_made_and_shows_the_figure(page):
    text = page.read_text(encoding="utf-8")
    assert (
        "normocyte compare configs/stain_rule.toml configs/contrast.toml --data DIR --seeds 2 "
        "--reference contrast --out COMPARED\n" in text
    )
    assert "(figures/page.png)" in text
    assert (page.parent / "figures" / "page.png").read_bytes().startswith(b"\x89PNG")


def test_a_figure_of_weak_cells_is_counted_from_the_scores_of_the_run_that_was_compared(
    page, weak, compared, doubted
):
    text = page.read_text(encoding="utf-8").partition("## Weakly stained")[2]
    (row,) = [line for line in text.split("\n") if line.startswith("| contrast | ") and "reference" in line]
    expected = np.mean([by_hand(weak, compared, doubted, seed) for seed in (0, 1)])
    assert float(row.split("|")[2].split()[0]) == pytest.approx(expected, abs=0.0006)


def test_the_page_is_made_again_from_what_was_kept(page, compared, environment):
    again = page.with_name("again.md")
    kept = ["--kept", "--keep", page.with_name("kept.json"), "--page", again]
    words = [str(word) for word in (sys.executable, "-m", "studies.results", *kept)]
    subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True)
    without_figure = re.sub(r"\n!\[.*\n", "", page.read_text(encoding="utf-8"))
    assert again.read_text(encoding="utf-8").split() == without_figure.split()


def told(**differences):
    """A comparison in which `other` differs so much from `base` in two metrics, with its p-values."""
    costs = {"ms_per_cell": 1.0}
    figures = {
        key: {"difference": {"value": value}, "p_value_holm": p} for key, (value, p) in differences.items()
    }
    base = {"failure": "", "costs": costs, "all_labels": {}}
    other = {"failure": "", "costs": {"ms_per_cell": 1.5}, "all_labels": figures}
    return {
        "reference": "base",
        "metrics": {"auroc": "AUROC", "ap": "AP"},
        "configurations": {"base": base, "other": other},
    }


@pytest.mark.parametrize(
    ("auroc", "ap", "better", "worse"),
    [
        ((0.01, 0.01), (0.02, 0.2), ("AUROC, all labels (+0.010)",), ()),
        ((-0.01, 0.01), (0.02, 0.2), (), ("AUROC, all labels (\u22120.010)",)),
        ((-0.01, 0.06), (0.02, 0.06), (), ()),
        ((-0.0001, 0.01), (0.02, 0.01), ("AP, all labels (+0.020)",), ("AUROC, all labels (\u22120.0001)",)),
    ],
)
def test_only_what_is_more_than_chance_is_claimed(auroc, ap, better, worse):
    verdicts = importlib.import_module("studies.results.verdicts").verdicts
    (one,) = verdicts(told(auroc=auroc, ap=ap))
    assert (one.name, one.better, one.worse, one.times) == ("other", better, worse, 1.5)


def test_a_folder_without_a_finished_comparison_is_refused(write, doubted, tmp_path):
    outcome = write(doubted, tmp_path, tmp_path / "page.md")
    assert f"{tmp_path} holds no finished comparison" in outcome.stderr
    assert not (tmp_path / "page.md").exists()


def test_other_data_than_those_compared_are_refused(write, doubted, compared, tmp_path):
    fewer = shutil.copytree(doubted, tmp_path / "fewer")
    sorted(fewer.rglob("*.png"))[-1].unlink()
    outcome = write(fewer, compared, tmp_path / "page.md")
    assert "Give the data it was made with." in outcome.stderr


def test_a_comparison_without_its_runs_is_refused(write, doubted, compared, tmp_path):
    bare = shutil.copytree(compared, tmp_path / "bare", ignore=shutil.ignore_patterns("runs"))
    outcome = write(doubted, bare, tmp_path / "page.md")
    assert "No run in the folder has the figures stated for stain_rule, seed 0" in outcome.stderr


def test_the_contrast_of_a_cell_is_the_mean_of_its_six_largest_values(weak):
    pixels = np.arange(16, dtype=np.float32).reshape(4, 4, 1)
    mask = (pixels[..., 0] < 10).astype(np.uint8)
    assert weak.contrast_of(Sample(pixels, mask)) == np.mean([4, 5, 6, 7, 8, 9])


def test_the_fifth_with_the_lowest_contrast_is_picked_among_the_cells_that_have_one(weak):
    values = np.array([np.nan, 9, 8, 0, 7, 6, 5, 4, 3, 1, 2, np.nan])
    assert weak.weakest(values).tolist() == [3, 9]
