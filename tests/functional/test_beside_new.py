"""The sentences on detectors beside `normocyte new` follow from the figures."""

import doctest
import importlib
import sys
from pathlib import Path

import pytest

from studies.beside_new import findings
from studies.kit.tables import Table

PEERS = Path(__file__).parents[2] / "studies" / "peers"
ROW = ("chest x-rays", "anomalib's PaDiM", "0.700 [0.650, 0.750]")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("0.020 [0.010, 0.030]", "`new` is better by 0.020"),
        ("-0.020 [-0.030, -0.010]", "`new` is worse by 0.020"),
        ("0.020 [-0.010, 0.050]", "chance could explain the difference from `new`"),
    ],
)
def test_the_interval_decides_who_is_better(more, said):
    assert findings.sentence((*ROW, more)) == f"On chest x-rays, anomalib's PaDiM reaches 0.700: {said}."


def test_the_best_baseline_of_each_kind_is_named():
    rows = [("chest x-rays", title, "labels", f"{auroc} [0, 1]", "0.1 [0, 1]") for title, auroc in WORSE_BEST]
    tables = {
        "figures": Table.of(("images",), [(*ROW, "0 [0, 0]")]),
        "baselines": Table.of(("images",), rows),
    }
    (sentence,) = findings.findings(tables)["baselines"]
    assert "the best baseline (brightness, fitted on labels) reaches 0.8:" in sentence


WORSE_BEST = (("border", "0.6"), ("brightness", "0.8"))


def test_the_page_names_the_settings_that_the_peers_have(monkeypatch):
    monkeypatch.syspath_prepend(str(PEERS))
    catalogue = importlib.import_module("_catalogue")
    sys.modules.pop("_catalogue")
    assert (findings.DRAWN, findings.BANK, findings.SIDE) == (catalogue.DRAWN, catalogue.BANK, catalogue.SIDE)


def test_the_example_holds():
    assert doctest.testmod(findings).failed == 0
