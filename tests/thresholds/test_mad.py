import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.thresholds.mad import Mad
from normocyte.thresholds.support.calibration import Calibration

SCORES = np.array([1.0, 2.0, 4.0, 8.0, 1000.0])


def fitted(scores: np.ndarray, factor: float = 3.5) -> Mad:
    threshold = Mad(factor)
    threshold.fit(scores, np.full(len(scores), "C1"), np.zeros(len(scores), np.int8))
    return threshold


def test_it_is_the_median_and_some_scaled_median_deviations():
    assert fitted(SCORES, 2).cut == pytest.approx(4 + 2 * 1.4826 * 3, rel=1e-4)


def test_for_normal_scores_it_is_that_many_standard_deviations():
    scores = np.random.default_rng(1).normal(5, 2, 100_000)
    assert fitted(scores).cut == pytest.approx(5 + 3.5 * 2, rel=0.01)


def test_a_few_infected_cells_hardly_move_it():
    scores = np.random.default_rng(1).normal(0, 1, 1000)
    assert fitted(np.append(scores, np.full(50, 1e6))).cut == pytest.approx(fitted(scores).cut, rel=0.2)


def test_where_most_scores_are_equal_the_mean_deviation_stands_in():
    assert fitted(np.array([0.0, 0.0, 0.0, 4.0]), 2).cut == pytest.approx(2 * 1.2533, rel=1e-4)


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_larger_factor_never_lowers_the_cut(one, other):
    assert fitted(SCORES, max(one, other)).cut >= fitted(SCORES, min(one, other)).cut


def test_it_states_no_rate():
    said = fitted(SCORES).guarantee(Calibration(SCORES, np.full(5, "C1")))
    assert np.isnan(said.rate)
    assert "mad states no error rate; of 5 healthy cells of 1 patient, 20 % lie above" in said.sentence


@pytest.mark.parametrize("factor", [-1, 101, float("nan")])
def test_an_impossible_factor_is_refused(factor):
    with pytest.raises(ConfigError, match=f"factor must be a number from 0 to 100, not {factor}"):
        Mad(factor)
