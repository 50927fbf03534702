"""The paired bootstrap over several splits is what drawing whole patients by hand gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from normocyte.core.errors import DatasetError
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.differences.paired import Cells, Drawn, difference, draw_patients, drawn, holm
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity

METRICS = (Auroc(), SensitivityAtSpecificity(specificity=0.9), AveragePrecision(prevalence=0.01))


def made(seed, first_patient, shift=1.0, cells=120):
    """Cells of eight patients, with ties."""
    random = np.random.default_rng(seed)
    labels = (random.uniform(size=cells) < 0.4).astype(np.int8)
    scores = np.round(random.normal(size=cells) + shift * labels, 1)
    patients = np.array([f"C{first_patient + number:02}" for number in random.integers(0, 8, cells)])
    return Cells(scores, labels, patients)


SPLITS = (made(1, 0), made(2, 4))
WORSE = tuple(
    Cells(one.scores + np.random.default_rng(9).normal(size=120), one.labels, one.patients) for one in SPLITS
)
DRAWS = draw_patients([one.patients for one in SPLITS], 200)


def repeated(cells, draws, row):
    """The labels and scores of one draw with each cell written as often as its patient was drawn."""
    times = [int(draws.counts[row, draws.patients == name].item()) for name in cells.patients]
    return np.repeat(cells.labels, times), np.repeat(cells.scores, times)


def test_patients_of_all_splits_are_drawn_together():
    assert list(DRAWS.patients) == [f"C{number:02}" for number in range(12)]
    assert np.array_equal(DRAWS.counts.sum(axis=1), np.full(200, 12))


def test_the_value_is_the_mean_over_splits():
    auroc = drawn(SPLITS, METRICS, DRAWS)[0]
    by_hand = [sk.roc_auc_score(one.labels, one.scores) for one in SPLITS]
    assert auroc.by_split == pytest.approx(by_hand)
    assert auroc.value == pytest.approx(np.mean(by_hand))


@given(row=st.integers(0, 199))
def test_a_draw_is_what_repeated_cells_give(row):
    by_hand = np.mean([sk.roc_auc_score(*repeated(one, DRAWS, row)) for one in SPLITS])
    assert drawn(SPLITS, METRICS, DRAWS)[0].values[row] == pytest.approx(by_hand)


@pytest.mark.parametrize("place", range(3))
def test_each_metric_is_that_of_the_room(place):
    one = SPLITS[0]
    weights = DRAWS.counts[:, np.searchsorted(DRAWS.patients, one.patients)]
    expected = METRICS[place].points(one.scores, one.labels, weights)
    assert drawn([one], METRICS, DRAWS)[place].values == pytest.approx(expected)


def test_chunks_give_what_one_piece_gives(monkeypatch):
    whole = drawn(SPLITS, METRICS, DRAWS)[1].values
    monkeypatch.setattr("normocyte.metrics.differences.paired._NUMBERS_A_CHUNK", 500)
    assert np.array_equal(drawn(SPLITS, METRICS, DRAWS)[1].values, whole)


def test_the_interval_holds_the_mean():
    estimate = drawn(SPLITS, METRICS, DRAWS)[0].estimate()
    assert estimate.low < estimate.value < estimate.high


def test_one_patient_gives_a_value_without_an_interval():
    alone = Cells(SPLITS[0].scores, SPLITS[0].labels, np.full(120, "C1"))
    estimate = drawn([alone], METRICS, draw_patients([alone.patients], 50))[0].estimate()
    assert estimate.value > 0.5
    assert np.isnan(estimate.low)


@pytest.mark.parametrize("kept", [slice(0), slice(None)])
def test_a_split_without_a_class_gives_nothing(kept):
    one = SPLITS[0]
    empty = Cells(one.scores[kept], np.zeros(120, np.int8)[kept], one.patients[kept])
    for figure in drawn([one, empty], METRICS, DRAWS):
        assert np.isnan([figure.value, figure.estimate().low, *figure.values]).all()


def test_a_detector_does_not_differ_from_itself():
    figure = drawn(SPLITS, METRICS, DRAWS)[0]
    found = difference(figure, figure)
    assert (found.estimate.value, found.estimate.low, found.estimate.high, found.p_value) == (0, 0, 0, 1)


def test_what_is_worse_in_every_draw_gets_the_smallest_p_value():
    found = difference(Drawn((0.5,), np.full(199, 0.5)), Drawn((0.9,), np.full(199, 0.9)))
    assert found.estimate.value == pytest.approx(-0.4)
    assert found.p_value == pytest.approx(2 / 200)


def test_the_difference_changes_its_sign_with_its_sides():
    one, other = drawn(SPLITS, METRICS, DRAWS)[0], drawn(WORSE, METRICS, DRAWS)[0]
    there, back = difference(one, other), difference(other, one)
    assert there.estimate.value == -back.estimate.value > 0
    assert (there.estimate.low, there.p_value) == pytest.approx((-back.estimate.high, back.p_value))


def test_pairs_are_sharper_than_two_intervals():
    """Both detectors find the same patients hard, so most of the spread is shared."""
    one = drawn(SPLITS, METRICS, DRAWS)[0]
    near = tuple(Cells(s.scores + 0.05 * s.labels, s.labels, s.patients) for s in SPLITS)
    other = drawn(near, METRICS, DRAWS)[0]
    paired = difference(other, one).estimate
    assert paired.high - paired.low < 0.3 * (one.estimate().high - one.estimate().low)


def test_no_difference_is_found_too_often_where_there_is_none():
    """Of 60 pairs of equally good detectors, no more than a few may differ at 5 %."""
    random = np.random.default_rng(0)
    patients = np.repeat([f"C{number:02}" for number in range(20)], 20)
    labels = np.tile([0, 1], 200).astype(np.int8)
    draws = draw_patients([patients], 200)
    sides = [[random.normal(size=400) + labels for _ in range(2)] for _ in range(60)]
    figures = [[drawn([Cells(s, labels, patients)], METRICS[:1], draws)[0] for s in pair] for pair in sides]
    assert sum(difference(*pair).p_value < 0.05 for pair in figures) <= 8


def test_draws_without_a_class_are_left_out_of_a_difference():
    values = np.array([np.nan, 0.6, 0.7, np.nan])
    found = difference(Drawn((0.65,), values), Drawn((0.5,), values - 0.1))
    assert found.p_value == pytest.approx(2 / 3)


def test_what_cannot_be_said_has_no_p_value():
    nothing = Drawn((float("nan"),), np.full(3, np.nan))
    assert np.isnan(difference(nothing, nothing).p_value)


def test_holm_of_a_known_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=12))
def test_holm_never_lowers_a_p_value_nor_turns_their_order(p_values):
    given_, corrected = np.array(p_values), np.array(holm(p_values))
    known = ~np.isnan(given_)
    assert np.array_equal(np.isnan(corrected), ~known)
    assert np.all(corrected[known] >= given_[known])
    assert np.all(corrected <= 1, where=known)
    assert np.all(np.diff(corrected[known][np.argsort(given_[known], kind="stable")]) >= 0)


@given(st.floats(0, 1))
def test_one_p_value_needs_no_correction(p_value):
    assert holm([p_value]) == [p_value]


def test_scores_that_are_no_numbers_are_refused():
    with pytest.raises(DatasetError, match="NaN"):
        Cells(np.array([np.nan]), np.array([1], np.int8), np.array(["C1"]))
