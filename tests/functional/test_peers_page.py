"""The sentences below the tables of the peers follow from the figures."""

import importlib
import sys
from pathlib import Path

import pytest

from studies.kit.pages import kept_results

PEERS = Path(__file__).parents[2] / "studies" / "peers"


@pytest.fixture(scope="module")
def page():
    """The module that makes the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PEERS))
        yield importlib.import_module("_page")
    for name in ("_page", "_wins", "_catalogue", "_figures", "_export"):
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


def test_the_page_of_the_peers_is_what_its_kept_results_make(page, tmp_path):
    page.write_page(kept_results(PEERS / "kept.json", 1), tmp_path / "peers.md")
    made = (tmp_path / "peers.md").read_text(encoding="utf-8")
    assert (PEERS.parents[1] / "docs" / "measurements" / "peers.md").read_text(encoding="utf-8") == made
