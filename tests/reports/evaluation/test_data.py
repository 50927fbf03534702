import csv
import dataclasses
import json
import math

import numpy as np
import pytest

from normocyte.core.types import Estimate
from normocyte.reports.evaluation.data import metrics_json, scores_csv
from normocyte.results import evaluation as shown
from normocyte.results.agreement import Agreement, Between


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def test_metrics_json_is_json_to_a_strict_reader(folder):
    found = json.loads((folder / "metrics.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert found["schema"] == 5
    assert set(found["metrics"]["auroc"]["all_labels"]) == {"conv_autoencoder", "stain_rule"}


def test_what_cannot_be_said_is_null(bare):
    nothing = Estimate(0.9, math.nan, math.inf)
    row = shown.MetricRow("auroc", "AUROC", (nothing,))
    found = metrics_json(dataclasses.replace(bare, metrics=(row,), threshold=math.nan))
    assert found["metrics"]["auroc"]["all_labels"] == {"pca": {"value": 0.9, "low": None, "high": None}}
    assert found["metrics"]["auroc"]["without_doubtful"] == {}
    assert found["threshold"] is None


def test_whether_test_cells_confirm_the_threshold_stands_in_the_json(bare):
    known = Agreement(calibration=40, test=52, flagged=0, rank=2, deciding=2, by_chance=Between(0.02, 0.19))
    found = metrics_json(dataclasses.replace(bare, agreement=known))["calibration_check"]
    assert (found["rank"], found["few_decide"], found["by_chance"]) == (2, True, [0.02, 0.19])
    assert (found["false_positive_rate"], found["ks_p_value"], found["scores_differ"]) == (0, None, False)


def test_each_threshold_says_whether_labels_were_used(contents):
    rows = metrics_json(contents)["thresholds"]
    assert [(row["rule"], row["uses_labels"]) for row in rows] == [
        ("quantile 1 %", False),
        ("mean plus 3 sigma", False),
        ("best F1", True),
    ]


def test_every_patient_stands_in_the_json(contents):
    rows = metrics_json(contents)["false_positives_by_patient"]
    assert sum(row["flagged"] for row in rows) == contents.thresholds[0].fp


def test_scores_csv_gives_back_every_cell(contents):
    rows = list(csv.DictReader(scores_csv(contents).splitlines()))
    assert list(rows[0]) == ["path", "patient", "label", "score", "flagged", "p_value", "doubtful"]
    assert [row["path"] for row in rows] == list(contents.cells.names)
    assert [float(row["score"]) for row in rows] == list(contents.cells.scores)
    assert [row["flagged"] == "true" for row in rows] == list(contents.cells.flagged)


def test_a_missing_number_is_an_empty_place_in_the_csv(bare):
    cells = dataclasses.replace(bare.cells, p_values=np.full(40, np.nan))
    rows = list(csv.DictReader(scores_csv(dataclasses.replace(bare, cells=cells)).splitlines()))
    assert {row["p_value"] for row in rows} == {""}


@pytest.mark.parametrize("name", ['a,b "c".png', "zwei\nZeilen.png", "Ägypten.png"])
def test_odd_names_survive_the_csv(bare, name):
    cells = dataclasses.replace(bare.cells, names=np.full(40, name))
    text = scores_csv(dataclasses.replace(bare, cells=cells))
    assert next(iter(csv.DictReader(text.splitlines(keepends=True))))["path"] == name


def test_columns_of_different_length_are_refused(bare):
    cells = dataclasses.replace(bare.cells, names=bare.cells.names[:-1])
    with pytest.raises(ValueError, match="argument 2 is longer"):
        scores_csv(dataclasses.replace(bare, cells=cells))


def test_ratios_of_a_threshold_follow_from_its_counts():
    row = shown.ThresholdRow("best F1", 1.0, uses_labels=True, tp=6, fp=2, tn=18, fn=4)
    assert (row.precision, row.recall, row.specificity) == (0.75, 0.6, 0.9)
    assert (row.false_positive_rate, row.accuracy) == (0.1, 0.8)
    assert row.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)


def test_a_threshold_that_flags_nothing_has_no_precision():
    assert math.isnan(shown.ThresholdRow("high", 9.0, uses_labels=False, tp=0, fp=0, tn=5, fn=5).precision)


def test_only_rules_that_use_labels_say_how_they_were_tuned(contents):
    rows = metrics_json(contents)["thresholds"]
    assert ["tuned" in row for row in rows] == [False, False, True]


def test_optimism_is_apparent_less_nested_and_the_rest_less_test(contents):
    row = metrics_json(contents)["thresholds"][2]
    tuned = row["tuned"]
    assert (tuned["patients"], tuned["folds"]) == (11, 5)
    assert tuned["apparent"]["f1"] == pytest.approx(160 / 180)
    assert tuned["nested"]["recall"] == 0.8
    assert tuned["optimism"]["f1"] == pytest.approx(16 / 180)
    assert tuned["optimism"]["specificity"] == pytest.approx(8 / 110)
    assert tuned["apparent_minus_test"]["f1"] == tuned["apparent"]["f1"] - row["f1"]


def test_without_nested_figures_the_json_says_why(contents):
    lonely = shown.Tuned(shown.Counts(3, 1, 3, 1), patients=1, why_not="Needs 2 patients.")
    row = dataclasses.replace(contents.thresholds[2], tuned=lonely)
    tuned = metrics_json(dataclasses.replace(contents, thresholds=(row,)))["thresholds"][0]["tuned"]
    assert (tuned["nested"], tuned["optimism"]) == (None, None)
    assert tuned["why_not_nested"] == "Needs 2 patients."
