"""The exam that every false-discovery rule passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.registry import part_class, part_names

NAMES = part_names("false_discovery")
seeds = st.integers(0, 2**32 - 1)
some_p_values = arrays(np.float64, st.integers(1, 30), elements=st.floats(1e-6, 1.0))


@pytest.fixture(params=NAMES)
def rule(request):
    """A rule with its own defaults."""
    return part_class("false_discovery", request.param)()


def conformal(seed: int, healthy: int, infected: int) -> np.ndarray:
    """Conformal p-values of healthy cells, then of infected ones, all from the same 999 calibration cells."""
    draw = np.random.default_rng(seed)
    calibration = np.sort(draw.normal(size=999))
    scores = draw.normal(np.repeat([0.0, 4.0], [healthy, infected]))
    return (1000.0 - np.searchsorted(calibration, scores)) / 1000.0


@pytest.mark.parametrize("name", NAMES)
@given(p_values=some_p_values)
def test_adjusted_p_values_lie_in_0_to_1_and_are_never_smaller_where_the_p_value_is_larger(name, p_values):
    adjusted = part_class("false_discovery", name)().adjusted(np.sort(p_values))
    assert adjusted.min() > 0
    assert adjusted.max() <= 1
    assert (np.diff(adjusted) >= 0).all()


@pytest.mark.parametrize("name", NAMES)
@given(p_values=some_p_values, seed=seeds)
def test_the_order_of_the_cells_does_not_matter(name, p_values, seed):
    rule = part_class("false_discovery", name)()
    shuffle = np.random.default_rng(seed).permutation(len(p_values))
    np.testing.assert_array_equal(rule.adjusted(p_values[shuffle]), rule.adjusted(p_values)[shuffle])


@pytest.mark.parametrize("name", NAMES)
@given(p_values=some_p_values, factor=st.floats(0.1, 1.0))
def test_smaller_p_values_select_no_fewer_cells(name, p_values, factor):
    rule = part_class("false_discovery", name)(0.3)
    lower = rule.select(np.where(np.arange(len(p_values)) % 2, p_values * factor, p_values))
    assert (lower | ~rule.select(p_values)).all()


@pytest.mark.parametrize("name", NAMES)
@given(p_values=some_p_values)
def test_a_higher_rate_selects_no_fewer_cells(name, p_values):
    strict, loose = (part_class("false_discovery", name)(rate).select(p_values) for rate in (0.05, 0.4))
    assert (loose | ~strict).all()


@pytest.mark.parametrize("name", NAMES)
@given(p_values=some_p_values, missing=st.integers(1, 9))
def test_cells_that_could_not_be_judged_are_not_selected_and_do_not_count(name, p_values, missing):
    rule = part_class("false_discovery", name)()
    selected = rule.select(np.concatenate([np.full(missing, np.nan), p_values]))
    assert not selected[:missing].any()
    np.testing.assert_array_equal(selected[missing:], rule.select(p_values))


def test_tiny_p_values_are_all_found(rule):
    p_values = np.concatenate([np.full(20, 1e-9), np.linspace(0.01, 1, 980)])
    assert rule.select(p_values)[:20].all()


def test_smears_of_healthy_cells_give_discoveries_no_more_often_than_the_rate(rule):
    draw = np.random.default_rng(5)
    any_found = [rule.select(draw.uniform(1e-12, 1, 200)).any() for _ in range(1000)]
    assert np.mean(any_found) <= 0.1 + 0.025


@pytest.mark.parametrize("infected", [0, 5, 100])
def test_conformal_p_values_give_no_more_false_discoveries_than_the_rate(rule, infected):
    selected = np.array([rule.select(conformal(seed, 400, infected)) for seed in range(400)])
    false_share = selected[:, :400].sum(axis=1) / np.maximum(selected.sum(axis=1), 1)
    assert false_share.mean() <= 0.1 + 0.03


def test_conformal_p_values_find_most_of_many_infected_cells(rule):
    found = [rule.select(conformal(seed, 400, 100))[400:].mean() for seed in range(50)]
    assert np.mean(found) > 0.5


def test_no_p_values_give_no_cells(rule):
    selected = rule.select(np.empty(0))
    assert selected.shape == (0,)
    assert selected.dtype == np.bool_


def test_only_cells_that_could_not_be_judged_give_no_cells(rule):
    assert not rule.select(np.full(3, np.nan)).any()


def test_the_p_values_stay_as_they_are(rule):
    given_values = np.array([0.9, np.nan, 0.001])
    rule.select(given_values)
    np.testing.assert_array_equal(given_values, [0.9, np.nan, 0.001])


@pytest.mark.parametrize("bad", [0.0, -0.1, 1.5, np.inf])
def test_p_values_that_are_none_are_refused(rule, bad):
    with pytest.raises(DatasetError, match=rf"1 of 3 p-values are not possible, such as {bad}; give"):
        rule.select(np.array([0.5, bad, np.nan]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rate", [0, 1, -0.1, 1.5, float("nan")])
def test_a_rate_that_is_no_share_is_refused(name, rate):
    with pytest.raises(
        ConfigError, match=f"false_discovery_rate must be a number above 0 and below 1, not {rate}"
    ):
        part_class("false_discovery", name)(rate)


def test_what_it_states_is_a_sentence_with_its_rate_and_its_assumption(rule):
    assert "at most 10 % of the cells selected among 1,200 are healthy, if " in rule.guarantee(1200)
    assert rule.guarantee(1200).endswith(".")
