"""The sentences below the tables of the peers follow from the figures."""

import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.errors import DatasetError
from studies.kit.pages import kept_results
from studies.results import run as results

PEERS = Path(__file__).parents[2] / "studies" / "peers"


@pytest.fixture(scope="module")
def page():
    """The module that makes the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PEERS))
        yield importlib.import_module("_page")
    for name in ("_page", "_wins", "_catalogue", "_figures", "_export", "_environment", "_weights", "run"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def wins(page):
    """The function that makes the sentences."""
    return page.wins


def runs(auroc, found):
    """The figures of one seed, the same for every metric but two."""
    keys = ("sensitivity_at_specificity_95", "sensitivity_at_specificity_99.5", "average_precision_1")
    figures = {"auroc": auroc, "sensitivity_at_specificity_99": found, **dict.fromkeys(keys, 0.5)}
    return [{"all_labels": figures, "without_doubtful": figures}]


@pytest.mark.parametrize(("auroc", "place"), [(0.97, "below"), (0.99, "above")])
def test_a_peer_is_set_above_or_below_the_stain_rule_by_its_figures(wins, auroc, place):
    found = {"pyod_knn_stain": runs(auroc, 0.7), "**stain_rule**": runs(0.98, 0.84)}
    (sentence,) = [one for one in wins(found) if "On stain" in one]
    assert f"the best peer is {place} the stain rule in AUROC:** `pyod_knn_stain` {auroc:.3f}" in sentence
    assert "finds most, 70 % of the infected cells; the rule finds 84 %." in sentence


def test_the_published_recipe_is_counted_among_the_peers(wins):
    found = {"pyod_knn_stain": runs(0.97, 0.7), "pyod_knn_pixels": runs(0.8, 0.1)}
    assert "ahead of 1 of 2 peers." in wins(found | {"**classic**": runs(0.84, 0.1)})[-1]


def test_without_figures_nothing_is_said(wins):
    assert wins({}) == []


def test_a_network_trained_on_imagenet_stands_beside_the_random_one(wins):
    found = {"anomalib_padim_pixels": runs(0.94, 0.1), "anomalib_padim_lite": runs(0.97, 0.4)}
    (sentence,) = [one for one in wins(found) if "ImageNet" in one]
    assert "`anomalib_padim_pixels` 0.940, `anomalib_padim_lite` 0.970" in sentence


def test_a_row_of_one_seed_says_so_where_it_is_set_beside_rows_of_more(wins):
    whole = {"**stain_rule**": runs(0.98, 0.84) * 3, "anomalib_padim_pixels": runs(0.94, 0.1) * 3}
    found = whole | {"anomalib_patchcore_pixels": runs(0.87, 0.2), "**classic**": runs(0.9, 0.1) * 3}
    sentences = wins(found | {"anomalib_patchcore_lite": runs(0.97, 0.4) * 3})
    assert "`anomalib_patchcore_pixels` (1 of 3 seeds) finds most, 20 %" in " ".join(sentences)
    assert "`anomalib_patchcore_lite` 0.970 (1 and 3 of 3 seeds)" in " ".join(sentences)
    assert sentences[-1].endswith("ahead of 1 of 3 peers; 1 of these 3 have fewer seeds.")


def test_rows_of_one_seed_each_need_no_remark(wins):
    found = {"**stain_rule**": runs(0.98, 0.84), "anomalib_padim_pixels": runs(0.94, 0.1)}
    assert "seeds" not in " ".join(wins(found))


NAME = "pyod_knn_stain"
COSTS = {"cells": 9, "seconds": 1.0, "ms": 2.0, "megabytes": 3.0, "bytes": 4}
KNOWN = {NAME: {"0": {"measured": "2031-01-01", "figures": runs(0.9, 0.5)[0], "costs": COSTS}}}


def test_a_run_that_was_not_made_again_stays_with_its_day(page):
    new = {NAME: {"1": {"measured": "2031-01-02", "figures": runs(0.8, 0.5)[0]}}}
    found = page.merged(KNOWN, new)
    assert found[NAME]["0"] == KNOWN[NAME]["0"]
    assert page.days(found) == {"2031-01-01 to 2031-01-02": [NAME]}
    assert [run["all_labels"]["auroc"] for run in page.finished(found)[NAME]] == [0.9, 0.8]


def test_costs_alone_leave_the_figures_as_they_were(page):
    found = page.merged(KNOWN, {NAME: {"0": {"costs": COSTS | {"ms": 7.0}}}})
    assert found[NAME]["0"]["figures"] == KNOWN[NAME]["0"]["figures"]
    assert f"| {NAME} | 9 | 1.0 | 7.00 | 3 | 0.00 |" in page.spending(found)


def test_a_failure_takes_the_place_of_earlier_figures_and_figures_that_of_a_failure(page):
    failed = page.merged(KNOWN, {NAME: {"0": {"reason": "killed by 9"}}})
    assert page.finished(failed) == {}
    assert f"| {NAME} | 0 | killed by 9 |" in page.failures(failed, [0])
    assert page.merged(failed, KNOWN) == KNOWN


def study(page, out, rows):
    """The folder of a study in which one peer was asked about four cells."""
    for place in ("cells", "splits", NAME):
        (out / place).mkdir()
    np.save(out / "cells" / "names.npy", np.array(["a", "b", "c", "d"]))
    (out / "cells" / "costs.json").write_text('{"stain": 0.5}', encoding="utf-8")
    labels = np.array([0, 0, 1, 1], np.int8)
    np.savez(out / "splits" / "1.npz", labels=labels, patients=np.array(list("pqrs")), doubtful=labels > 1)
    np.save(out / NAME / "1.run.scores.npy", np.array([0.1, 0.2, 0.3, 0.4]))
    (out / NAME / "1.json").write_text("{}", encoding="utf-8")
    return page.Study(out, out, (1,), {NAME: rows}, {})


def test_a_new_run_is_judged_and_set_beside_what_was_kept(page, tmp_path):
    known = {"runs": KNOWN, "seeds": [0, 2], "cells": 4}
    found = page.collected(study(page, tmp_path, {1: COSTS}), known)
    assert (found["seeds"], found["cells"]) == ([0, 1, 2], 4)
    assert found["runs"][NAME]["0"] == KNOWN[NAME]["0"]
    assert found["runs"][NAME]["1"]["figures"]["all_labels"]["auroc"] == 1.0
    assert found["runs"][NAME]["1"]["costs"] == COSTS | {"ms": 2.5}


def test_runs_of_other_cells_are_not_mixed(page, tmp_path):
    known = {"runs": KNOWN, "seeds": [0], "cells": 5}
    with pytest.raises(DatasetError, match="The kept runs are of 5 cells, these are 4"):
        page.collected(study(page, tmp_path, {1: {}}), known)


def test_a_study_that_runs_nothing_makes_the_page_of_what_was_kept(page, cells, tmp_path, monkeypatch):
    place, made = tmp_path / "kept.json", tmp_path / "peers.md"
    place.write_bytes((PEERS / "kept.json").read_bytes())
    words = ["--data", cells, "--limit-s", 0, "--out", tmp_path, "--ours", tmp_path, "--keep", place]
    monkeypatch.setattr("sys.argv", ["run.py", *map(str, words), "--page", str(made)])
    importlib.import_module("run").main()
    assert kept_results(place, 2)["runs"] == kept_results(PEERS / "kept.json", 2)["runs"]
    assert made.read_text(encoding="utf-8").count("\n| ") > 40


def test_a_peer_runs_on_one_core_and_gives_its_memory_back(page, tmp_path):
    said = "import json, os; print(json.dumps(dict(os.environ)))"
    row = importlib.import_module("run").attempt(
        tmp_path / "0.json", [sys.executable, "-c", said], 60, json.loads
    )
    assert (row["OMP_NUM_THREADS"], row["HF_HUB_OFFLINE"]) == ("1", "1")
    assert int(row["MALLOC_MMAP_THRESHOLD_"]) < 20_000 * 244 * 4  # the distances to one chosen patch


def test_a_peer_that_ends_with_an_error_is_a_row_with_its_last_line(page, tmp_path):
    attempt = importlib.import_module("run").attempt
    row = attempt(tmp_path / "0.json", [sys.executable, "-c", "raise ValueError('no memory')"], 60, dict)
    assert row == {"reason": "ended with 1: ValueError: no memory"}
    assert attempt(tmp_path / "1.json", [], 0, dict) == {}


def test_our_rows_are_those_of_the_page_of_results(page):
    ours = page.finished(kept_results(PEERS / "kept.json", 2)["runs"])
    told = kept_results(results.KEPT, results.SCHEMA)["told"]["configurations"]
    for name in ("default", "stain_rule", "classic"):
        kept = [run["all_labels"]["auroc"] for run in ours[f"**{name}**"]]
        assert kept == told[name]["all_labels"]["auroc"]["by_seed"]


def test_the_page_of_the_peers_is_what_its_kept_results_make(page, tmp_path):
    page.write_page(kept_results(PEERS / "kept.json", 2), tmp_path / "peers.md")
    made = (tmp_path / "peers.md").read_text(encoding="utf-8")
    assert (PEERS.parents[1] / "docs" / "measurements" / "peers.md").read_text(encoding="utf-8") == made
