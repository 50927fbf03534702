import numpy as np
import pytest
from sklearn import metrics as sk

from normocyte.core.errors import DatasetError
from normocyte.metrics.support.curves import by_cut, precision_recall, roc

RANDOM = np.random.default_rng(0)
PATIENTS = np.repeat([f"C{number}" for number in range(15)], 20)
LABELS = RANDOM.integers(0, 2, 300).astype(np.int8)
SCORES = np.round(RANDOM.normal(size=300) + 1.5 * LABELS, 1)


@pytest.mark.parametrize("curve", [roc, precision_recall])
def test_the_band_holds_the_curve(curve):
    band = curve(SCORES, LABELS, PATIENTS, resamples=100)
    assert (band.low <= band.y).all()
    assert (band.y <= band.high).all()
    assert (band.low < band.high).any()


def test_roc_gives_the_sensitivity_that_each_false_positive_rate_allows():
    band = roc(SCORES, LABELS, PATIENTS, resamples=10)
    false, true, _ = sk.roc_curve(LABELS, SCORES, drop_intermediate=False)
    expected = [true[false <= rate + 1e-12].max() for rate in band.x]
    assert band.y == pytest.approx(expected)


def test_precision_recall_gives_the_precision_of_the_first_cut_that_reaches_each_recall():
    band = precision_recall(SCORES, LABELS, PATIENTS, resamples=10)
    precision, recall, _ = sk.precision_recall_curve(LABELS, SCORES)
    expected = [precision[np.flatnonzero(recall >= wanted - 1e-12)[-1]] for wanted in band.x]
    assert band.y == pytest.approx(expected)


@pytest.mark.parametrize("curve", [roc, precision_recall])
def test_one_class_only_gives_an_empty_curve(curve):
    band = curve(SCORES, np.zeros(300, np.int8), PATIENTS)
    assert [len(numbers) for numbers in band] == [0, 0, 0, 0]


@pytest.mark.parametrize("curve", [roc, precision_recall])
def test_one_patient_only_gives_a_curve_without_a_band(curve):
    band = curve(SCORES, LABELS, np.full(300, "C1"))
    assert np.isfinite(band.y).all()
    assert np.isnan(band.low).all()


def test_a_score_that_is_nan_is_refused():
    with pytest.raises(DatasetError, match="1 of 300 scores are NaN"):
        roc(np.where(np.arange(300) == 7, np.nan, SCORES), LABELS, PATIENTS)


def test_by_cut_gives_what_a_cut_at_each_score_flags():
    found = by_cut(SCORES, LABELS)
    flagged = [np.greater(SCORES, cut) for cut in found.cuts[:-1]]
    expected = [sk.precision_recall_fscore_support(LABELS, row, average="binary")[:3] for row in flagged]
    assert np.array(found[1:]).T[:-1] == pytest.approx(np.array(expected))


def test_by_cut_knows_no_precision_above_the_highest_score():
    found = by_cut(SCORES, LABELS)
    assert np.isnan(found.precision[-1])
    assert (found.recall[-1], found.f1[-1]) == (0, 0)


def test_by_cut_thins_out_many_cuts_and_keeps_both_ends():
    scores = RANDOM.normal(size=300)
    found = by_cut(scores, LABELS, most=50)
    assert len(found.cuts) == 50
    assert (found.cuts[0], found.cuts[-1]) == (scores.min(), scores.max())


def test_by_cut_of_no_cells_is_empty():
    assert [len(numbers) for numbers in by_cut(SCORES[:0], LABELS[:0])] == [0, 0, 0, 0]
