import re
from time import perf_counter

import numpy as np
import pytest
from scipy import stats

from normocyte.core.errors import TrainingError
from normocyte.thresholds.contract import conformal_p_values
from normocyte.thresholds.extreme_value import ExtremeValue
from normocyte.thresholds.support.calibration import Calibration
from normocyte.thresholds.support.pareto import Pareto, fit_p_value, fitted

LAWS = {
    "normal": stats.norm(),
    "exponential": stats.expon(),
    "gamma": stats.gamma(3),
    "student": stats.t(4),
}


def rule_on(scores, rate=0.001, people=50):
    """The rule fitted on these scores, and its calibration cells."""
    names = (np.arange(len(scores)) % people).astype(str)
    rule = ExtremeValue(rate)
    rule.fit(scores, names, np.zeros(len(scores), np.int8))
    return rule, Calibration.of(scores, names)


def drawn(law, seed, cells=2500):
    return LAWS[law].rvs(cells, random_state=np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("law", "least", "most"),
    [("normal", 0.05, 1), ("exponential", 0.4, 1.5), ("gamma", 0.4, 1.5), ("student", 0.6, 2)],
)
def test_the_true_rate_of_the_cut_is_near_what_was_asked_or_below(law, least, most):
    rates = [LAWS[law].sf(rule_on(drawn(law, seed))[0].cut) for seed in range(8)]
    assert least <= np.median(rates) / 0.001 <= most
    assert np.max(rates) <= 0.004


@pytest.mark.parametrize(
    ("law", "most"), [("normal", 1), ("exponential", 1.5), ("gamma", 1.5), ("student", 3)]
)
def test_it_reaches_rates_below_one_cell_in_those_it_has_seen(law, most):
    rates = [LAWS[law].sf(rule_on(drawn(law, seed), 1e-4)[0].cut) for seed in range(8)]
    assert 0 < np.median(rates) <= most * 1e-4


def test_the_moments_give_back_the_law_that_excesses_were_drawn_from():
    excesses = np.sort(Pareto(np.array(0.2), np.array(3.0)).at(np.random.default_rng(1).random(100_000)))
    law = fitted(excesses, np.ones(100_000))
    assert law.shape == pytest.approx(0.2, abs=0.02)
    assert law.scale == pytest.approx(3, rel=0.02)


def test_a_weight_counts_an_excess_so_many_times():
    excesses, weights = np.array([0.5, 1.0, 2.0, 7.0]), np.array([3.0, 0.0, 2.0, 1.0])
    one, other = fitted(excesses, weights), fitted(np.repeat(excesses, [3, 0, 2, 1]), np.ones(6))
    assert (one.shape, one.scale) == (pytest.approx(other.shape), pytest.approx(other.scale))


@pytest.mark.parametrize("shape", [-0.4, 0.0, 0.3])
def test_what_a_share_of_the_law_is_above_is_above_that_share(shape):
    law, shares = Pareto(np.array(shape), np.array(2.0)), np.array([1e-6, 0.01, 0.5, 1])
    np.testing.assert_allclose(law.above(law.at(shares)), shares)


def test_p_values_are_conformal_in_the_bulk_and_continue_beyond_the_highest_score():
    scores = drawn("exponential", 1)
    rule, calibration = rule_on(scores)
    bulk, beyond = np.linspace(0, 2, 50), np.max(scores) + np.array([0, 5.0, 1e300])
    p_values = rule.p_values(beyond, calibration)
    np.testing.assert_array_equal(
        rule.p_values(bulk, calibration), conformal_p_values(bulk, calibration.scores)
    )
    assert p_values[1] < 1e-4
    assert (p_values > 0).all()


@pytest.mark.parametrize("rate", [1e-4, 0.01, 0.09, 0.3])
def test_a_cell_is_flagged_when_its_p_value_is_within_the_rate(rate):
    rule, calibration = rule_on(drawn("gamma", 2), rate)
    judged = np.linspace(0, 20, 999)
    np.testing.assert_array_equal(rule.decide(judged), rule.p_values(judged, calibration) <= rate)


def test_no_score_is_out_of_reach_for_healthy_cells_of_a_bounded_law():
    rule, calibration = rule_on(np.random.default_rng(1).random(1000))
    assert rule.p_values(np.array([1.05]), calibration) > 1e-5


def test_the_p_values_of_the_fit_are_uniform_for_independent_excesses():
    chance, law = np.random.default_rng(4), Pareto(np.array(0.1), np.array(1.0))
    excesses = np.sort(law.at(chance.random((60, 80))), axis=1)
    p_values = [fit_p_value(own, fitted(own, np.ones(80))) for own in excesses]
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_scores_that_follow_no_such_law_are_refused():
    bulk = np.random.default_rng(1).random(1800)
    clumps = np.repeat([2.0, 9.0], 100) + np.linspace(0, 0.01, 200)
    with pytest.raises(
        TrainingError, match=r"the 200 scores above 0\.9\d* do not fall .* \(p <= 0\.001\); choose"
    ):
        rule_on(np.append(bulk, clumps))


def test_too_few_cells_are_told_how_many_it_takes():
    with pytest.raises(
        TrainingError, match=r"so 500 healthy cells or more, but got 49 from 490 healthy cells"
    ):
        rule_on(np.random.default_rng(1).normal(size=490))


def interval(scores, people):
    """The interval of the rate that it says, in per cent."""
    rule, calibration = rule_on(scores, people=people)
    found = re.search(r"between (\S+) % and (\S+) % with 95 %", rule.guarantee(calibration).sentence)
    return [float(share) for share in found.groups()]


def test_the_interval_of_the_rate_mostly_holds_the_true_one():
    held = [
        low / 100 <= stats.expon.sf(rule_on(scores)[0].cut) <= high / 100
        for scores in (drawn("exponential", seed) for seed in range(20))
        for low, high in [interval(scores, 50)]
    ]
    assert np.mean(held) > 0.75


def test_patients_that_differ_widen_the_interval():
    rng = np.random.default_rng(2)
    alike = rng.exponential(size=2500)
    level = np.exp(rng.normal(0, 0.4, 50))[np.arange(2500) % 50]
    low, high = interval(alike, 50)
    low_of_differing, high_of_differing = interval(alike * level, 50)
    assert high_of_differing / low_of_differing > high / low


def test_few_patients_have_no_interval():
    rule, calibration = rule_on(drawn("gamma", 1), people=9)
    assert "(fewer than 10 patients do not show how far" in rule.guarantee(calibration).sentence


def test_the_p_values_of_many_cells_take_little_time():
    rule, calibration = rule_on(drawn("gamma", 1))
    scores = np.random.default_rng(1).gamma(3, size=100_000)
    begin = perf_counter()
    rule.p_values(scores, calibration)
    assert perf_counter() - begin < 1
