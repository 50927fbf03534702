import dataclasses
import math

import numpy as np
import pytest

from normocyte.core.types import Estimate
from normocyte.reports.drawing import formatting
from normocyte.reports.evaluation import by_patient, distribution, learning, rates, tuning, words
from normocyte.results import evaluation as shown


def test_the_verdict_holds_the_key_numbers(contents):
    rows = {row.key: row.all_labels[0].value for row in contents.metrics}
    verdict = words.verdict(contents)
    assert f"(AUROC {rows[shown.AUROC]:.3f}, 95 % interval" in verdict
    assert formatting.percent(rows[shown.SENSITIVITY]) in verdict


def test_the_cut_is_told_with_its_rule_and_whether_labels_were_used(contents):
    assert "At its threshold of 3.1 (quantile 1 %, no labels used) it flags" in words.at_the_cut(contents)


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (Estimate(0.1, 0.04, 0.2), " and is behind by 0.100 (95 % interval +0.040 to +0.200)."),
        (Estimate(-0.2, -0.3, -0.1), " and is better here by 0.200 (95 % interval -0.300 to -0.100)."),
        (
            Estimate(0.005, -0.004, 0.012),
            ", and chance could explain the difference (95 % interval -0.004 to +0.012).",
        ),
        (
            Estimate(0.1, math.nan, math.nan),
            ", and whether chance could explain the difference is not known.",
        ),
    ],
)
def test_a_baseline_is_behind_or_better_only_by_more_than_chance(contents, ahead, said):
    row = shown.MetricRow(shown.AUROC, "AUROC", (Estimate(0.9, 0.9, 0.9), Estimate(0.8, 0.7, 0.9)))
    text = words.at_the_cut(dataclasses.replace(contents, metrics=(row,), ahead=ahead))
    assert text.replace("\N{MINUS SIGN}", "-").endswith(f"stain_rule reaches AUROC 0.800{said}")


@pytest.mark.parametrize(
    ("auroc", "said"),
    [
        (Estimate(0.4, 0.3, 0.48), "which is worse than guessing: infected cells score lower"),
        (Estimate(0.45, 0.3, 0.6), "which is not better than guessing"),
        (Estimate(0.55, 0.45, 0.6), "which is not better than guessing"),
        (Estimate(0.55, 0.51, 0.6), "(AUROC 0.550, 95 % interval 0.510 to 0.600)"),
    ],
)
def test_a_score_that_is_no_better_than_guessing_is_called_so(contents, auroc, said):
    row = shown.MetricRow(shown.AUROC, "AUROC", (auroc,))
    verdict = words.verdict(dataclasses.replace(contents, metrics=(row,)))
    assert said in verdict.replace("\N{NO-BREAK SPACE}", " ").replace("\N{EN DASH}", " to ")


def test_an_estimate_without_interval_is_told_without_one(contents):
    row = shown.MetricRow(shown.AUROC, "AUROC", (Estimate(0.9, math.nan, math.nan),))
    assert "(AUROC 0.900)" in words.verdict(dataclasses.replace(contents, metrics=(row,)))


def test_words_follow_what_is_looked_for(contents):
    verdict = words.verdict(dataclasses.replace(contents, anomaly="tumour", unit="slice"))
    assert "scores a tumour slice above a healthy one" in verdict


def test_the_histogram_words_count_the_cells_on_the_wrong_side(contents):
    row = contents.thresholds[0]
    words = distribution.words(contents)
    assert formatting.part_of(row.fp, row.fp + row.tn) in words
    assert formatting.part_of(row.tp, row.tp + row.fn) in words


def test_tuning_is_told_before_and_after(contents):
    words = tuning.words(contents)
    assert "moves the threshold from 3.1 to 5.2" in words
    assert f"recall from {formatting.percent(contents.thresholds[0].recall)}" in words


def test_without_a_tuned_cut_there_is_nothing_to_compare(contents):
    words = tuning.words(dataclasses.replace(contents, thresholds=contents.thresholds[:2]))
    assert "No threshold here was tuned with labels" in words


def test_the_worst_patient_is_named(contents):
    rates = contents.patients.flagged / contents.patients.healthy
    assert f"the worst, {contents.patients.patients[np.argmax(rates)]}, has" in by_patient.words(contents)


def test_no_false_alarm_at_all_is_said_plainly(contents):
    patients = dataclasses.replace(contents.patients, flagged=np.zeros_like(contents.patients.flagged))
    words = by_patient.words(dataclasses.replace(contents, patients=patients))
    assert words == f"None of the {len(patients.patients)}\N{NO-BREAK SPACE}patients has a false alarm."


@pytest.mark.parametrize(
    ("held_out", "words"), [(1.05, "lie close together"), (2.0, "above the training loss")]
)
def test_the_gap_to_new_patients_is_told(contents, held_out, words):
    curve = shown.TrainingCurve((3.0, 1.0), (3.0 * held_out, held_out), 2)
    assert words in learning.words(dataclasses.replace(contents, training=curve))


def test_a_loss_that_still_falls_is_said_of_a_network_that_only_takes_something_off(contents):
    falling = (4.0, 3.0, 2.0, 1.0)
    curve = shown.TrainingCurve(falling, falling, 4, draws_anew=False)
    said = learning.words(dataclasses.replace(contents, training=curve))
    assert said.endswith("fell by 50 % over the last quarter of them: more might lower it further.")
    assert "nder-trained" not in said


def test_the_roc_words_read_the_curve_at_one_percent(contents):
    curve = shown.Curve(
        "pca", *(np.array(numbers) for numbers in ([0, 0.01, 1], [0, 0.5, 1])), *np.full((2, 3), np.nan)
    )
    words = rates.words_roc(dataclasses.replace(contents, roc=(curve,)))
    assert "pca finds 50.0\N{NO-BREAK SPACE}% of the infected cells" in words
    assert "band" not in words


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.0042, "0.42 %"), (0.05, "5.0 %"), (0.9949, "99.5 %"), (math.nan, "–")],  # noqa: RUF001
)
def test_shares_read_as_percentages(share, text):
    assert formatting.percent(share).replace("\N{NO-BREAK SPACE}", " ") == text


NEAR_ONE = [(0.9996, "0.9996"), (1.0, "1.000"), (0.9994, "0.999"), (0.5, "0.500")]


@pytest.mark.parametrize(("value", "said"), NEAR_ONE)
def test_a_figure_just_below_one_is_not_said_to_be_one(value, said):
    assert formatting.figure(value) == said


def test_where_most_patients_have_no_false_alarm_nobody_is_told_of_at_most_none(contents):
    names, healthy = np.array(["A", "B", "C"]), np.array([10, 10, 10])

    def said(*flagged):
        rates = shown.PatientRates(names, healthy, np.array(flagged))
        return by_patient.words(dataclasses.replace(contents, patients=rates)).replace(
            "\N{NO-BREAK SPACE}", " "
        )

    assert "2 of the 3 patients have no healthy cell flagged, and the worst, B, has 5 of 10" in said(0, 5, 0)
    assert "Half of the 3 patients have at most 10" in said(1, 5, 0)
