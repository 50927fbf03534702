import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.thresholds.contract import conformal_p_values

numbers = st.floats(-100, 100)
calibrations = (
    st.integers(0, 80).flatmap(lambda size: arrays(np.float64, size, elements=numbers)).map(np.sort)
)


def test_it_counts_calibration_scores_at_least_as_high():
    p_values = conformal_p_values(np.array([0.0, 2.0, 2.5, 9.0]), np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(p_values, [1, 3 / 4, 2 / 4, 1 / 4])


@given(calibrations, arrays(np.float64, 20, elements=numbers))
def test_p_values_lie_in_0_to_1_and_fall_as_scores_grow(calibration, scores):
    p_values = conformal_p_values(np.sort(scores), calibration)
    assert (p_values > 0).all()
    assert (p_values <= 1).all()
    assert (np.diff(p_values) <= 0).all()


@given(calibrations, st.floats(0.01, 0.99))
def test_calibration_cells_are_rarely_below_a_rate(calibration, rate):
    everyone = conformal_p_values(calibration, calibration)
    assert (everyone <= rate).sum() <= rate * (len(calibration) + 1)


def test_what_is_not_a_number_has_no_p_value():
    assert np.isnan(conformal_p_values(np.array([np.nan]), np.array([1.0]))).all()


def test_without_calibration_cells_nothing_is_rare():
    assert conformal_p_values(np.array([5.0]), np.empty(0)) == pytest.approx(1)
