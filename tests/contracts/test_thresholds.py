"""The exam that every threshold passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import TrainingError
from normocyte.core.registry import part_class, part_names
from normocyte.thresholds._base import Threshold

NAMES = part_names("thresholds")
WITH_LABELS = [name for name in NAMES if part_class("thresholds", name).uses_labels]
WITHOUT_LABELS = [name for name in NAMES if name not in WITH_LABELS]
seeds = st.integers(0, 2**32 - 1)


def cells(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of 120 healthy and 40 infected cells, with patients and labels."""
    labels = np.repeat(np.array([0, 1], np.int8), [120, 40])
    scores = np.random.default_rng(seed).normal(2.0 * labels, 1)
    return scores, np.array([f"C{i % 5}" for i in range(160)]), labels


def fitted(name: str, scores: np.ndarray, patients: np.ndarray, labels: np.ndarray) -> Threshold:
    """The threshold, fitted on all cells where it uses labels, else on the healthy ones."""
    threshold = part_class("thresholds", name)()
    chosen = slice(None) if threshold.uses_labels else labels == 0
    threshold.fit(scores[chosen], patients[chosen], labels[chosen])
    return threshold


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_the_cut_flags_more_infected_than_healthy_cells(name, seed):
    scores, patients, labels = cells(seed)
    flagged = fitted(name, scores + 3 * labels, patients, labels).decide(scores + 3 * labels)
    assert flagged[labels == 1].mean() > 0.6
    assert flagged[labels == 0].mean() < 0.2


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_decisions_are_monotone(name, seed):
    threshold = fitted(name, *cells(seed))
    assert np.isfinite(threshold.cut)
    decisions = threshold.decide(np.linspace(-10, 10, 400))
    assert decisions.dtype == np.bool_
    assert (np.diff(decisions.astype(int)) >= 0).all()
    assert not threshold.decide(np.array([threshold.cut, np.nan])).any()


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds, scale=st.floats(0.1, 100), shift=st.floats(-100, 100))
def test_the_cut_moves_with_the_scores(name, seed, scale, shift):
    scores, patients, labels = cells(seed)
    moved = fitted(name, scale * scores + shift, patients, labels)
    expected = scale * fitted(name, scores, patients, labels).cut + shift
    assert moved.cut == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_the_order_of_the_cells_does_not_matter(name, seed):
    ordered = cells(seed)
    shuffle = np.random.default_rng(seed).permutation(160)
    shuffled = [part[shuffle] for part in ordered]
    assert fitted(name, *shuffled).cut == pytest.approx(fitted(name, *ordered).cut, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", [0.1, 0.0, -7.3, 1e300])
def test_constant_scores_give_a_finite_cut_that_flags_none_of_them(name, level):
    _, patients, labels = cells(0)
    threshold = fitted(name, np.full(160, level), patients, labels)
    assert np.isfinite(threshold.cut)
    assert not threshold.decide(np.array([level])).any()


@pytest.mark.parametrize("name", WITHOUT_LABELS)
def test_one_score_is_its_own_cut(name):
    threshold = part_class("thresholds", name)()
    threshold.fit(np.array([0.4]), np.array(["C1"]), np.array([0], np.int8))
    assert threshold.cut == 0.4


@pytest.mark.parametrize("name", WITH_LABELS)
def test_one_cell_of_each_kind_is_cut_midway(name):
    threshold = part_class("thresholds", name)()
    threshold.fit(np.array([0.4, 0.8]), np.array(["C1", "C2"]), np.array([0, 1], np.int8))
    assert threshold.cut == pytest.approx(0.6)


@pytest.mark.parametrize("name", WITH_LABELS)
def test_tuning_cells_of_one_kind_are_refused(name):
    scores, patients, labels = cells(0)
    with pytest.raises(TrainingError, match=r"needs healthy and infected tuning cells, but got 160"):
        part_class("thresholds", name)().fit(scores, patients, np.zeros_like(labels))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_scores_that_are_not_numbers_are_refused(name, bad):
    scores, patients, labels = cells(0)
    scores[[3, 5]] = bad
    with pytest.raises(TrainingError, match=r"got 2 of 1[26]0 scores that are not finite"):
        fitted(name, scores, patients, labels)


@pytest.mark.parametrize("name", NAMES)
def test_no_scores_are_refused(name):
    with pytest.raises(TrainingError, match=r"got no scores"):
        part_class("thresholds", name)().fit(np.empty(0), np.empty(0, np.str_), np.empty(0, np.int8))


@pytest.mark.parametrize("name", NAMES)
def test_the_scores_stay_as_they_are(name):
    given_cells, before = cells(4), cells(4)
    fitted(name, *given_cells)
    np.testing.assert_array_equal(given_cells[0], before[0])
    np.testing.assert_array_equal(given_cells[2], before[2])
