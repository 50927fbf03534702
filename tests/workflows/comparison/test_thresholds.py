"""What a comparison says of the thresholds of its configurations, on which none of its figures depends."""

import json

import numpy as np
import pytest

from normocyte.core.types import Estimate
from normocyte.results.agreement import Agreement, Between
from normocyte.results.comparison import Comparison, Measured, Row, Shown
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.validation.agreement import Healthy
from normocyte.workflows.comparison.thresholds import Decided, decided, restored, threshold_notes, written

NAN = float("nan")


def row(name, auroc=0.95):
    return Row(name, "pca", "", (Measured(Estimate(auroc, auroc - 0.1, auroc + 0.03), ()),))


def compared(*rows):
    return Comparison((Shown("auroc", "AUROC", "AUROC"),), rows, rows[0].name, 2, ())


def run(found=50, flagged=5, p_value=0.6, promised=0.05):
    agrees = Agreement(
        calibration=100,
        test=100,
        flagged=flagged,
        promised=promised,
        by_chance=Between(0.01, 0.12),
        rate_p_value=p_value,
    )
    return Decided(found, 100, agrees)


def test_a_threshold_that_flags_hardly_an_anomaly_is_told_where_the_scores_rank_them_well():
    (said,) = threshold_notes(compared(row("a"), row("b")), {"a": [run(2), run(8)], "b": [run(), run()]})
    assert said.startswith(
        "At its own threshold a flags 10 of the 200 infected test cells of 2 seeds (5 %), where it may flag "
        "5 % of healthy ones, although its AUROC is 0.950. "
    )
    assert "no figure of this comparison depends on it" in said
    assert "normocyte calibrate" in said


def test_nothing_is_told_where_the_scores_do_not_rank_them():
    assert threshold_notes(compared(row("a", auroc=0.55)), {"a": [run(0), run(0)]}) == ()


def test_of_a_rule_that_promises_nothing_it_is_told_where_none_is_flagged():
    few, none = run(1, promised=NAN), run(0, promised=NAN)
    assert threshold_notes(compared(row("a")), {"a": [few]}) == ()
    (said,) = threshold_notes(compared(row("a")), {"a": [none]})
    assert said.startswith("At its own threshold a flags none of the 100 infected test cells, although its ")


def test_of_many_configurations_the_first_are_named():
    names = [f"my{number}" for number in range(5)]
    (said,) = threshold_notes(compared(*map(row, names)), {name: [run(0)] for name in names})
    assert [name for name in names if f"{name} flags none" in said] == names[:3]
    assert "So do 2 more." in said


def test_another_share_of_healthy_cells_than_chance_allows_is_told_with_the_worst_seed():
    runs = {"a": [run(flagged=21, p_value=0.004), run(flagged=40, p_value=0.001)], "b": [run(), run()]}
    assert threshold_notes(compared(row("a"), row("b")), runs) == (
        "The threshold of a may not hold for cells like these: with seed 1 it flags 40 of 100 healthy test "
        "cells (40 %), where 5 % is promised and chance allows 1 % to 12 %.",
    )


def test_p_values_are_corrected_for_the_number_of_runs():
    assert threshold_notes(compared(row("a")), {"a": [run(p_value=0.02)]})
    assert threshold_notes(compared(row("a")), {"a": [run(p_value=0.02), run(), run()]}) == ()


def test_runs_that_know_nothing_of_their_threshold_are_passed_over():
    assert threshold_notes(compared(row("a"), row("b")), {"a": [None, None]}) == ()


@pytest.mark.parametrize("one", [run(), run(promised=NAN, p_value=NAN), None])
def test_what_is_written_comes_back(one):
    again = restored(json.loads(json.dumps(written(one), allow_nan=False)))
    assert repr(again) == repr(one)


@pytest.mark.parametrize("content", [None, {"found": 3}, "x"])
def test_what_is_no_threshold_is_none(content):
    assert restored(content) is None


def test_a_fitted_rule_is_counted_on_both_kinds():
    scores, names = np.arange(100.0), np.array([f"P{number % 20}" for number in range(100)])
    rule = Quantile(0.1)
    rule.fit(scores, names, np.zeros(100, np.int8))
    labels = np.array([0] * 60 + [1] * 40, np.int8)
    found = decided(
        rule, Healthy(scores, names), (np.append(scores[40:], scores[60:]), labels, names), seed=0
    )
    assert (found.anomalies, found.found) == (40, int((scores[60:] > rule.cut).sum()))
    assert (found.agreement.test, found.agreement.flagged) == (60, int((scores[40:] > rule.cut).sum()))
