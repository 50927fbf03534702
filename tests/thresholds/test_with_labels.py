import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.core.errors import ConfigError
from normocyte.thresholds.best_f1 import BestF1
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.precision_at_least import PrecisionAtLeast
from normocyte.thresholds.support.cuts import cuts_between
from normocyte.thresholds.youden import Youden

SIZE = 25
few_levels = arrays(np.float64, SIZE, elements=st.integers(-6, 6))
any_labels = arrays(np.int8, SIZE - 2, elements=st.integers(0, 1)).map(
    lambda labels: np.append(labels, [0, 1])
)


def cut_by(threshold: Threshold, scores: np.ndarray, labels: np.ndarray) -> float:
    threshold.fit(scores, np.full(len(scores), "C1"), labels)
    return threshold.cut


def counts(cut: float, scores: np.ndarray, labels: np.ndarray) -> tuple[int, int]:
    """True and false positives above a cut."""
    flagged = scores > cut
    return int((flagged & (labels == 1)).sum()), int((flagged & (labels == 0)).sum())


def f1(cut: float, scores: np.ndarray, labels: np.ndarray) -> float:
    true, false = counts(cut, scores, labels)
    return 2 * true / (true + false + (labels == 1).sum())


def youden(cut: float, scores: np.ndarray, labels: np.ndarray) -> float:
    true, false = counts(cut, scores, labels)
    return true / (labels == 1).sum() - false / (labels == 0).sum()


def precision(cut: float, scores: np.ndarray, labels: np.ndarray) -> float:
    true, false = counts(cut, scores, labels)
    return true / max(true + false, 1)


def all_cuts(scores: np.ndarray) -> np.ndarray:
    """Every way to split the scores that flags not all of them."""
    return np.unique(scores)


@pytest.mark.parametrize(("threshold", "measure"), [(BestF1(), f1), (Youden(), youden)])
@given(scores=few_levels, labels=any_labels)
def test_no_other_cut_is_better(threshold, measure, scores, labels):
    chosen = measure(cut_by(threshold, scores, labels), scores, labels)
    assert chosen == pytest.approx(max(measure(cut, scores, labels) for cut in all_cuts(scores)))


@given(scores=few_levels, labels=any_labels, least=st.floats(0.05, 1))
def test_of_the_precise_enough_cuts_it_has_the_most_recall(scores, labels, least):
    cut = cut_by(PrecisionAtLeast(least), scores, labels)
    found = {other: precision(other, scores, labels) for other in all_cuts(scores)}
    needed = min(least, max(found.values()))
    recalls = [counts(other, scores, labels)[0] for other, value in found.items() if value >= needed]
    assert precision(cut, scores, labels) >= needed
    assert counts(cut, scores, labels)[0] == max(recalls)


@given(scores=few_levels, labels=any_labels, one=st.floats(0.05, 1), other=st.floats(0.05, 1))
def test_a_higher_precision_never_finds_more(scores, labels, one, other):
    low, high = (cut_by(PrecisionAtLeast(least), scores, labels) for least in sorted([one, other]))
    best = max(precision(cut, scores, labels) for cut in all_cuts(scores))
    is_reached = best >= max(one, other)
    assert counts(low, scores, labels)[0] >= counts(high, scores, labels)[0] or not is_reached


@given(scores=few_levels, labels=any_labels)
def test_cuts_lie_midway_and_count_what_they_flag(scores, labels):
    cuts = cuts_between(scores, labels)
    levels = np.unique(scores)
    np.testing.assert_array_equal(np.sort(cuts.at[1:]), (levels[:-1] + levels[1:]) / 2)
    expected = [counts(cut, scores, labels) for cut in cuts.at]
    np.testing.assert_array_equal(np.stack([cuts.true_positives, cuts.false_positives], axis=1), expected)


def test_neighbouring_floats_are_still_told_apart():
    scores = np.array([1.0, np.nextafter(1.0, 2)])
    assert (scores > cut_by(Youden(), scores, np.array([0, 1], np.int8))).tolist() == [False, True]


@pytest.mark.parametrize("threshold", [BestF1(), Youden(), PrecisionAtLeast()])
def test_separable_cells_are_separated(threshold):
    scores, labels = np.array([1.0, 2, 3, 6, 7]), np.array([0, 0, 0, 1, 1], np.int8)
    assert cut_by(threshold, scores, labels) == 4.5


def test_a_precision_out_of_reach_gives_the_best_there_is():
    scores, labels = np.array([1.0, 2, 3, 4, 5]), np.array([0, 1, 1, 1, 0], np.int8)
    assert cut_by(PrecisionAtLeast(0.9), scores, labels) == 1.5


@pytest.mark.parametrize("least", [0, 1.1, float("nan")])
def test_a_precision_that_is_no_share_is_refused(least):
    with pytest.raises(ConfigError, match=f"precision must be a number above 0 and at most 1, not {least}"):
        PrecisionAtLeast(least)
