"""What each false-discovery rule selects, by hand and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control

from normocyte.core.errors import ConfigError
from normocyte.false_discovery.benjamini_hochberg import BenjaminiHochberg
from normocyte.false_discovery.benjamini_yekutieli import BenjaminiYekutieli
from normocyte.false_discovery.storey import Storey

some_p_values = arrays(np.float64, st.integers(1, 40), elements=st.floats(1e-9, 1.0))


@pytest.mark.parametrize(("rule", "method"), [(BenjaminiHochberg, "bh"), (BenjaminiYekutieli, "by")])
@given(p_values=some_p_values)
def test_adjusted_p_values_agree_with_scipy(rule, method, p_values):
    expected = false_discovery_control(p_values, method=method)
    np.testing.assert_allclose(rule().adjusted(p_values), expected, rtol=1e-12)


def test_a_p_value_that_just_reaches_its_step_is_selected():
    p_values = np.array([0.1 / 3, 0.2 / 3, 0.9])
    np.testing.assert_array_equal(BenjaminiHochberg().select(p_values), [True, True, False])


def test_storey_divides_by_the_estimated_share_of_healthy_cells():
    # One of 4 lies above 0.5: the share is (1 + 1) / (4 * 0.5) = 1. Two lie above 0.05: it is 3 / (4 * 0.95).
    p_values = np.array([0.01, 0.02, 0.1, 0.8])
    np.testing.assert_allclose(Storey().adjusted(p_values), [0.04, 0.04, 0.4 / 3, 1.0])
    expected = np.array([0.04, 0.04]) * 3 / (4 * 0.95)
    np.testing.assert_allclose(Storey(healthy_above=0.05).adjusted(p_values)[:2], expected)


def test_storey_finds_more_where_many_cells_are_anomalous():
    p_values = np.concatenate([np.linspace(0.001, 0.15, 80), np.linspace(0.02, 1, 20)])
    assert Storey().select(p_values).sum() > BenjaminiHochberg().select(p_values).sum()


def test_storey_selects_no_p_value_above_lambda():
    p_values = np.array([0.001] * 9 + [0.3])
    assert not Storey(0.9, healthy_above=0.2).select(p_values)[-1]


def test_storey_without_a_p_value_below_lambda_selects_none():
    assert not Storey().select(np.array([0.6, 0.7])).any()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_storey_refuses_a_lambda_that_is_no_share(share):
    with pytest.raises(ConfigError, match=f"healthy_above must be a number above 0 and below 1, not {share}"):
        Storey(healthy_above=share)
