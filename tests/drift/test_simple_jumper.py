"""The martingale keeps its rate over whole streams, sees a new stain, and overlooks a few infected cells."""

import functools

import numpy as np
import pytest
from scipy.stats import kstest

from normocyte.core.errors import ConfigError
from normocyte.drift.simple_jumper import SimpleJumper, online_p_values
from normocyte.drift.support.equal_cells import equal_cells
from normocyte.drift.support.traits import level, spread

CELLS = 20
RATE = 0.05
STREAMS = 250


def smear(draw, infected=0.0, brighter=1.0):
    """A patient with a level and a spread of their own, and their own number of cells, 20 to 200."""
    median, spread = np.exp(draw.normal(0, 0.35)), 0.6 * np.exp(draw.normal(0, 0.15))
    cells = draw.integers(CELLS, 200)
    scores = brighter * median * np.exp(spread * draw.normal(size=cells))
    return np.where(draw.random(cells) < infected, 10 * scores, scores)


def patients(draw, count, purpose="stream", **look):
    """As many cells of each of these patients."""
    smears = [smear(draw, **look) for _ in range(count)]
    names = np.repeat([f"P{place}" for place in range(count)], [len(own) for own in smears])
    seed = int(draw.integers(2**31))
    return equal_cells(np.concatenate(smears), names, CELLS, seed, purpose).values


@functools.cache
def highest(streams=STREAMS, length=50, **look):
    """The most that any capital ever reaches, stream by stream."""
    draw = np.random.default_rng(11)
    most = [
        SimpleJumper(seed).wealth(patients(draw, 30, "reference"), patients(draw, length, **look)).max()
        for seed in range(streams)
    ]
    return np.array(most)


def alarms(rate, **stream):
    """The share of streams in which any capital ever reaches 1 / rate."""
    return np.mean(highest(**stream) >= 1 / rate)


def slack(rate):
    """Two standard errors of the share of streams."""
    return 2 * np.sqrt(rate * (1 - rate) / STREAMS)


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_like_patients_with_unequal_numbers_of_cells_alarm_no_more_often_than_stated(rate):
    assert alarms(rate) <= rate + slack(rate)


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_five_percent_of_infected_cells_leave_the_false_alarms_near_the_rate(rate):
    assert alarms(rate, infected=0.05) <= rate + slack(rate)


def test_scores_that_are_twice_as_high_are_found_within_twenty_patients():
    assert alarms(RATE, streams=40, length=20, brighter=2.0) >= 0.9


def test_scores_that_are_half_as_high_are_found_within_twenty_patients():
    assert alarms(RATE, streams=40, length=20, brighter=0.5) >= 0.9


def test_online_p_values_are_uniform_and_independent_even_with_ties():
    draw = np.random.default_rng(2)
    rows = [
        online_p_values(numbers[:10], numbers[10:], draw)
        for numbers in draw.integers(0, 4, (400, 40)).astype(float)
    ]
    p_values = np.array(rows)
    assert kstest(p_values.ravel(), "uniform").pvalue > 0.01
    correlations = np.corrcoef(p_values, rowvar=False)[np.triu_indices(30, 1)]
    assert abs(correlations.mean()) < 0.01


def test_the_largest_number_gets_the_smallest_p_value():
    p_values = online_p_values(np.arange(9.0), np.array([100.0, -1.0]), np.random.default_rng(0))
    assert 0 < p_values[0] < 0.1
    assert 10 / 11 < p_values[1] < 1


def test_even_the_largest_change_needs_eight_patients():
    reference, stream = np.zeros((10_000, 1)), np.arange(1.0, 20.0)[:, np.newaxis]
    reference[:, 0] = np.arange(-10_000.0, 0.0)
    wealth = SimpleJumper(jump_rate=0).wealth(reference, stream).max(axis=1)
    assert int(np.argmax(wealth >= 1 / RATE)) + 1 == 8


def test_a_stream_that_goes_on_keeps_the_evidence_that_it_had():
    draw = np.random.default_rng(4)
    reference, stream = patients(draw, 12), patients(draw, 30)
    whole, part = (SimpleJumper().wealth(reference, rows) for rows in (stream, stream[:10]))
    np.testing.assert_array_equal(whole[:10], part)


def test_the_capital_of_one_bet_is_what_the_paper_says():
    draw = np.random.default_rng(5)
    reference, stream = patients(draw, 12), patients(draw, 3)
    jumper = SimpleJumper(jump_rate=0.0, bets=(-1,))
    capital = jumper._capital(np.array([0.1, 0.6, 0.5]))
    np.testing.assert_allclose(capital, [1.4, 1.4 * 0.9, 1.4 * 0.9])
    assert jumper.wealth(reference, stream).shape == (3, 2)


def test_a_bet_that_does_nothing_keeps_its_share_of_the_capital():
    draw = np.random.default_rng(6)
    wealth = SimpleJumper(bets=(0,)).wealth(patients(draw, 10), patients(draw, 5))
    np.testing.assert_allclose(wealth, 0.5)


@pytest.mark.parametrize("bets", [(), (3,), (-2.5, 0)])
def test_a_bet_that_could_lose_more_than_all_is_refused(bets):
    with pytest.raises(
        ConfigError, match="bets must be a list of at least 1, each item a number from -2 to 2, not "
    ):
        SimpleJumper(bets=bets)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_jump_rate_that_is_no_share_is_refused(rate):
    with pytest.raises(ConfigError, match=f"jump_rate must be a number from 0 to 1, not {rate}"):
        SimpleJumper(jump_rate=rate)


def test_five_percent_of_infected_cells_hardly_move_level_and_spread():
    healthy = np.linspace(0, 1, 200)[np.newaxis]
    infected = healthy.copy()
    infected[:, 10::20] = 50.0
    assert 0 < abs(level(infected) - level(healthy))[0] < 0.03
    assert abs(spread(infected) - spread(healthy))[0] < 0.03
