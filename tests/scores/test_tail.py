import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.scores.support.tail import fitted_tail, negative_log_p, tail_despite

values = st.floats(-1, 50)
samples = st.integers(20, 200).flatmap(lambda size: arrays(np.float64, size, elements=values))


def test_below_the_cut_it_is_the_share_of_healthy_values_at_least_as_high():
    healthy = np.random.default_rng(0).gamma(3, 0.1, 5000)
    at = np.quantile(healthy, [0.1, 0.5, 0.9, 0.96])
    expected = [-np.log((healthy >= value).mean()) for value in at]
    np.testing.assert_allclose(negative_log_p(at, *fitted_tail(healthy)), expected, rtol=0.02, atol=0.002)


def test_beyond_the_cut_a_power_law_is_recovered():
    healthy = np.random.default_rng(1).pareto(4.0, 200_000) + 1
    at = np.array([5.0, 10.0, 50.0])
    np.testing.assert_allclose(negative_log_p(at, *fitted_tail(healthy)), 4 * np.log(at), rtol=0.05)


def test_ties_share_the_largest_share():
    healthy = np.concatenate([np.full(90, -1.0), np.linspace(0.1, 0.2, 10)])
    assert negative_log_p(np.array([-1.0]), *fitted_tail(healthy)) == 0


@given(samples, arrays(np.float64, 30, elements=st.floats(-1, 1e6)))
def test_a_larger_value_is_never_less_rare(healthy, at):
    rarity = negative_log_p(np.sort(at), *fitted_tail(healthy))
    assert np.isfinite(rarity).all()
    assert (rarity >= 0).all()
    assert (np.diff(rarity) >= -1e-12).all()


@pytest.mark.parametrize("level", [-1.0, 0.0, 1e-9, 0.3])
def test_equal_healthy_values_are_usual_and_anything_above_is_not(level):
    usual, unseen = negative_log_p(np.array([level, level + 0.1]), *fitted_tail(np.full(50, level)))
    assert usual == 0
    assert -np.log(0.03) < unseen < 100


def power_law(infected: float, cells: int = 50_000) -> np.ndarray:
    """Healthy values above 1 whose chance falls as value^-4, and far larger infected ones in this share."""
    rng = np.random.default_rng(2)
    count = round(infected * cells)
    return np.concatenate([rng.pareto(4.0, cells - count) + 1, rng.uniform(20, 40, count)])


@pytest.mark.parametrize("infected", [0, 0.02, 0.05])
def test_infected_cells_among_the_healthy_ones_have_little_say_in_a_tail_read_below_them(infected):
    rarity = negative_log_p(np.array([10.0]), *tail_despite(0.1, power_law(infected)))
    assert 0.6 < rarity[0] / (4 * np.log(10)) < 1.1


@pytest.mark.parametrize("infected", [0.05, 0.1])
def test_infected_cells_take_over_a_tail_that_is_not_told_of_them(infected):
    assert negative_log_p(np.array([10.0]), *fitted_tail(power_law(infected)))[0] < 0.5 * 4 * np.log(10)


@given(samples, st.floats(0.001, 0.125), arrays(np.float64, 30, elements=st.floats(-1, 1e6)))
def test_a_larger_value_is_never_less_rare_despite_infected_cells(healthy, infected, at):
    rarity = negative_log_p(np.sort(at), *tail_despite(infected, healthy))
    assert np.isfinite(rarity).all()
    assert (rarity >= 0).all()
    assert (np.diff(rarity) >= -1e-12).all()


@pytest.mark.parametrize("level", [-1.0, 0.0, 1e-9, 0.3])
def test_where_nothing_can_be_read_the_tail_is_the_plain_one(level):
    healthy = np.full(50, level)
    grid, spread = tail_despite(0.05, healthy)
    np.testing.assert_array_equal(grid, fitted_tail(healthy)[0])
    assert spread == fitted_tail(healthy)[1]
