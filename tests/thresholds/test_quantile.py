import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.core.errors import ConfigError
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.support.calibration import Calibration

rates = st.floats(0.001, 0.999)
scores_of_healthy_cells = st.integers(1, 300).flatmap(
    lambda size: arrays(np.float64, size, elements=st.floats(-100, 100))
)


def cut_for(scores: np.ndarray, rate: float) -> float:
    threshold = Quantile(rate)
    threshold.fit(scores, np.full(len(scores), "C1"), np.zeros(len(scores), np.int8))
    return threshold.cut


@pytest.mark.parametrize(("rate", "expected"), [(0.01, 99), (0.02, 98), (0.05, 95), (0.5, 50), (0.001, 99)])
def test_ninety_nine_scores_have_exact_percentiles(rate, expected):
    assert cut_for(np.arange(1.0, 100.0), rate) == expected


@given(scores_of_healthy_cells, rates)
def test_at_most_the_given_share_lies_above(scores, rate):
    assert (scores > cut_for(scores, rate)).mean() <= rate


@given(scores_of_healthy_cells, rates)
def test_a_new_healthy_cell_would_lie_above_with_at_most_that_probability(scores, rate):
    above = (1 + (scores > cut_for(scores, rate)).sum()) / (len(scores) + 1)
    is_enough = len(scores) >= 1 / rate - 1
    assert above <= rate + 1e-9 or not is_enough


@given(scores_of_healthy_cells, rates, rates)
def test_a_lower_rate_never_lowers_the_cut(scores, one, other):
    assert cut_for(scores, min(one, other)) >= cut_for(scores, max(one, other))


@pytest.mark.parametrize("rate", [0, 1, -0.1, float("nan")])
def test_a_rate_that_is_no_share_is_refused(rate):
    with pytest.raises(
        ConfigError, match=f"false_positive_rate must be a number above 0 and below 1, not {rate}"
    ):
        Quantile(rate)


@pytest.mark.parametrize(("cells", "stated"), [(98, 1 / 99), (99, 0.01), (500, 0.01)])
def test_too_few_cells_state_the_rate_that_they_can_support(cells, stated):
    calibration = Calibration(np.arange(float(cells)), np.full(cells, "C1"))
    assert Quantile(0.01).guarantee(calibration).rate == pytest.approx(stated)


def test_too_few_cells_are_told_how_many_the_rate_needs():
    calibration = Calibration(np.arange(5.0), np.full(5, "C1"))
    assert Quantile(0.01).guarantee(calibration).sentence.startswith("1 % needs 99 cells: ")
