"""The exam that every metric passes; a new metric takes it with no test of its own."""

import re

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.registry import part_class, part_name, part_names
from normocyte.results.evaluation import AUROC, SENSITIVITY

NAMES = part_names("metrics")
PATIENTS = np.repeat([f"C{number}" for number in range(20)], 20)
LABELS = np.tile(np.repeat([0, 1], 10), 20).astype(np.int8)
PERFECT = np.where(LABELS == 1, 1.0, -1.0) * np.random.default_rng(1).uniform(0.1, 3.0, len(LABELS))
RANDOM = np.random.default_rng(2).normal(size=len(LABELS))
GOOD = np.random.default_rng(3).normal(size=len(LABELS)) + 2.0 * LABELS - 1.0


@pytest.fixture(params=NAMES)
def metric(request):
    return part_class("metrics", request.param)(resamples=200)


def test_it_says_how_it_stands_in_tables(metric):
    assert metric.rows
    for row in metric.rows:
        assert type(metric)(**row.fields).rows == metric.rows
        assert re.fullmatch(r"[a-z0-9_.]+", row.key)
        assert row.title


def test_no_two_rows_have_one_key(metric):
    others = [name for name in NAMES if name != part_name(metric)]
    taken = {row.key: f"of the metric {name}" for name in others for row in part_class("metrics", name).rows}
    for row in metric.rows:
        assert row.key not in taken, f"its key '{row.key}' is one {taken[row.key]}, too; choose another"
        taken[row.key] = "of its own"


def test_the_rows_that_reports_count_on_are_there():
    assert {AUROC, SENSITIVITY} <= {row.key for name in NAMES for row in part_class("metrics", name).rows}


def test_perfect_scores_give_one_with_certainty(metric):
    estimate = metric.measure(PERFECT, LABELS, PATIENTS)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((1.0, 1.0, 1.0))


def test_inverted_scores_are_worse_than_random_ones(metric):
    random = metric.measure(RANDOM, LABELS, PATIENTS).value
    assert metric.measure(-PERFECT, LABELS, PATIENTS).value < random < 0.7


def test_good_scores_lie_between_random_and_perfect_ones(metric):
    random = metric.measure(RANDOM, LABELS, PATIENTS).value
    assert random < metric.measure(GOOD, LABELS, PATIENTS).value < 1


def test_the_interval_holds_the_value_and_has_a_width(metric):
    estimate = metric.measure(GOOD, LABELS, PATIENTS)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.high > estimate.low


def test_a_monotone_transform_that_keeps_the_cut_changes_nothing(metric):
    before = metric.measure(GOOD, LABELS, PATIENTS)
    assert metric.measure(np.sinh(3 * GOOD), LABELS, PATIENTS) == before


def test_the_order_of_the_cells_does_not_matter_among_ties(metric):
    scores, order = np.round(GOOD), np.random.default_rng(4).permutation(len(LABELS))
    before = metric.measure(scores, LABELS, PATIENTS)
    after = metric.measure(scores[order], LABELS[order], PATIENTS[order])
    assert (after.value, after.low, after.high) == pytest.approx((before.value, before.low, before.high))


def test_the_same_seed_gives_the_same_interval_and_another_seed_another_one(metric):
    other = type(metric)(resamples=200, seed=9)
    first, second = metric.measure(GOOD, LABELS, PATIENTS), metric.measure(GOOD, LABELS, PATIENTS)
    assert first == second
    assert other.measure(GOOD, LABELS, PATIENTS) != first


def test_alike_cells_of_few_patients_give_a_wider_interval_than_independent_cells(metric):
    scores = np.repeat(GOOD[::10], 10)
    alone = np.array([str(number) for number in range(len(LABELS))])
    clustered, independent = metric.measure(scores, LABELS, PATIENTS), metric.measure(scores, LABELS, alone)
    assert clustered.high - clustered.low > independent.high - independent.low


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_only_gives_no_figure(metric, label):
    estimate = metric.measure(GOOD, np.full(len(LABELS), label, np.int8), PATIENTS)
    assert np.isnan([estimate.value, estimate.low, estimate.high]).all()


def test_no_cells_give_no_figure(metric):
    estimate = metric.measure(GOOD[:0], LABELS[:0], PATIENTS[:0])
    assert np.isnan([estimate.value, estimate.low, estimate.high]).all()


def test_one_patient_only_gives_a_value_without_an_interval(metric):
    estimate = metric.measure(PERFECT, LABELS, np.full(len(LABELS), "C1"))
    assert estimate.value == pytest.approx(1)
    assert np.isnan([estimate.low, estimate.high]).all()


def test_resamples_that_lack_a_class_are_left_out(metric):
    patients = np.where(LABELS == 1, "infected", "healthy")
    estimate = metric.measure(GOOD, LABELS, patients)
    assert estimate.low == pytest.approx(estimate.value)


def test_infinite_scores_are_ranked_like_any_other(metric):
    scores = np.where(LABELS == 1, np.inf, -np.inf)
    assert metric.measure(scores, LABELS, PATIENTS).value == pytest.approx(1)


def test_a_score_that_is_nan_is_refused_with_the_count(metric):
    scores = np.where(np.arange(len(LABELS)) < 3, np.nan, GOOD)
    with pytest.raises(DatasetError, match="3 of 400 scores are NaN"):
        metric.measure(scores, LABELS, PATIENTS)


def test_all_faults_of_the_input_are_told_at_once(metric):
    with pytest.raises(DatasetError, match="400 scores, 399 labels and 400 patients") as caught:
        metric.measure(GOOD, LABELS[:-1] * 2, PATIENTS)
    assert "A label is 2" in str(caught.value)


def test_no_resamples_are_refused(metric):
    with pytest.raises(ConfigError, match="resamples must be a whole number from 1, not 0"):
        type(metric)(resamples=0)
