import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.thresholds.conformal import Conformal, uniform_of
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.support.calibration import Calibration


def fitted(rule, scores):
    rule.fit(scores, np.full(len(scores), "C1"), np.zeros(len(scores), np.int8))
    return rule


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.05, 0.2]))
def test_it_cuts_where_the_quantile_does(seed, rate):
    scores = np.random.default_rng(seed).normal(size=150)
    assert fitted(Conformal(rate), scores).cut == fitted(Quantile(rate), scores).cut


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.05, 0.2]))
def test_a_cell_is_flagged_when_its_p_value_is_within_the_rate(seed, rate):
    scores = np.random.default_rng(seed).normal(size=400)
    rule, calibration = (
        fitted(Conformal(rate), scores[:200]),
        Calibration.of(scores[:200], np.full(200, "C1")),
    )
    p_values = rule.p_values(scores[200:], calibration)
    np.testing.assert_array_equal(rule.decide(scores[200:]), p_values <= rate)


def test_too_few_cells_are_told_how_many_the_rate_needs():
    with pytest.raises(
        TrainingError, match="needs 99 healthy cells for a false-positive rate of 1 %, but got 98"
    ):
        fitted(Conformal(0.01), np.arange(98.0))


def test_it_says_the_smallest_p_value():
    calibration = Calibration(np.arange(199.0), np.full(199, "C1"))
    assert "smallest p-value that these can give is 0.005" in Conformal().guarantee(calibration).sentence


def levels(seed, count=400):
    """Scores of which many are equal, as after rounding."""
    return np.round(np.random.default_rng(seed).normal(size=count), 1)


@given(st.integers(0, 2**32 - 1), st.integers(0, 50), st.sampled_from([0.01, 0.05, 0.2]))
def test_with_random_ties_the_verdict_still_follows_the_p_value(seed, ties_seed, rate):
    scores = levels(seed)
    rule = fitted(Conformal(rate, random_ties=True, seed=ties_seed), scores[:200])
    p_values = rule.p_values(scores, Calibration.of(scores[:200], np.full(200, "C1")))
    np.testing.assert_array_equal(rule.decide(scores), p_values <= rate + 1e-9)


@given(st.integers(0, 2**32 - 1))
def test_with_random_ties_p_values_are_at_most_the_plain_ones_and_fall_as_scores_grow(seed):
    calibration = Calibration.of(levels(seed), np.full(400, "C1"))
    judged = np.unique(np.append(calibration.scores, np.linspace(-4, 4, 100)))
    p_values = Conformal(random_ties=True).p_values(judged, calibration)
    assert (p_values <= Conformal().p_values(judged, calibration)).all()
    assert (np.diff(p_values) <= 0).all()
    assert p_values.min() > 0


def test_where_scores_are_equal_random_ties_meet_the_rate_that_plain_p_values_miss():
    draws = [levels(seed, 201) // 1.0 for seed in range(400)]
    held = [(draw[:1], Calibration.of(draw[1:], np.full(200, "C1"))) for draw in draws]
    ties = [Conformal(random_ties=True, seed=seed).p_values(*one)[0] for seed, one in enumerate(held)]
    plain = [Conformal().p_values(*one)[0] for one in held]
    assert np.mean(np.array(ties) <= 0.1) == pytest.approx(0.1, abs=0.045)
    assert np.mean(np.array(plain) <= 0.1) < 0.05


def test_a_score_has_one_p_value_in_every_order_and_chunk():
    scores = levels(3)
    rule, calibration = Conformal(random_ties=True, seed=5), Calibration.of(scores, np.full(400, "C1"))
    order, p_values = np.random.default_rng(1).permutation(400), rule.p_values(scores, calibration)
    np.testing.assert_array_equal(rule.p_values(scores[order], calibration), p_values[order])
    chunks = [rule.p_values(scores[start : start + 128], calibration) for start in range(0, 400, 128)]
    np.testing.assert_array_equal(np.concatenate(chunks), p_values)


def test_another_seed_breaks_ties_in_another_way():
    calibration = Calibration.of(levels(3), np.full(400, "C1"))
    p_values = [Conformal(random_ties=True, seed=seed).p_values(levels(3), calibration) for seed in (0, 1)]
    assert np.mean(p_values[0] != p_values[1]) > 0.8


def test_scores_that_equal_none_are_placed_as_without_random_ties():
    calibration = Calibration(np.arange(199.0), np.full(199, "C1"))
    judged = np.arange(-1.0, 200) + 0.5
    expected = Conformal().p_values(judged, calibration)
    np.testing.assert_array_equal(Conformal(random_ties=True).p_values(judged, calibration), expected)


def test_the_random_numbers_of_scores_are_uniform_and_zero_has_one():
    numbers = uniform_of(np.arange(20_000) / 7, seed=1)
    assert kstest(numbers, "uniform").pvalue > 0.001
    np.testing.assert_array_equal(*uniform_of(np.array([[0.0], [-0.0]]), seed=1))


def test_a_negative_seed_is_refused():
    with pytest.raises(ConfigError, match="seed must be a whole number from 0, not -1"):
        Conformal(seed=-1)
