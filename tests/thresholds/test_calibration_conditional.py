import numpy as np
import pytest
from scipy.stats import norm

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.thresholds._calibration import Calibration
from normocyte.thresholds.calibration_conditional import CalibrationConditional

LEVELS, WIDTHS = (
    norm.ppf((np.arange(400) + 0.5) / 400),
    np.exp(0.2 * norm.ppf((np.arange(400) % 20 + 0.5) / 20)),
)


def fitted(scores, patients, **fields):
    rule = CalibrationConditional(**fields)
    rule.fit(scores, patients, np.zeros(len(scores), np.int8))
    return rule


def true_rate(seed, **fields):
    """The rate among all patients of a cut from 45 of them, whose cells differ in level and width."""
    chance = np.random.default_rng(seed)
    who = np.repeat(np.arange(45), chance.integers(30, 110, 45))
    level, width = chance.normal(0, 0.3, 45), np.exp(chance.normal(0, 0.2, 45))
    rule = fitted(chance.normal(level[who], width[who]), who.astype(str), **fields)
    return float(np.mean(norm.sf((rule.cut - 0.3 * LEVELS[:, np.newaxis]) / WIDTHS)))


@pytest.fixture(scope="module")
def rates():
    """The true rates of 200 draws."""
    return np.array([true_rate(seed) for seed in range(200)])


def test_the_true_rate_is_rarely_above_nominal(rates):
    assert np.mean(rates > 0.01) <= 0.1


def test_the_rate_is_not_given_away(rates):
    assert np.median(rates) >= 0.003


def test_the_bound_on_cells_is_above_nominal_too_often_for_patients_that_differ():
    rates = np.array([true_rate(seed, bound="cells") for seed in range(100)])
    assert np.mean(rates > 0.01) > 0.12


def test_independent_cells_are_bound_by_clopper_and_pearson():
    rule = fitted(np.arange(1000.0), np.full(1000, "C1"), bound="cells")
    assert rule.decide(np.arange(1000.0)).sum() == 5  # the upper bound of 6 in 1,000 is 1.05 %


def test_rates_of_each_patient_above_a_cut():
    calibration = Calibration.of(np.array([3.0, 1.0, 2.0, 2.0]), np.array(["a", "b", "a", "b"]))
    rates = calibration.rates_above(np.array([3.0, 2.0, 1.0]))
    np.testing.assert_allclose(rates, [[0, 0], [0.5, 0], [1, 0.5]])


def test_too_few_cells_are_told_how_many_it_takes():
    with pytest.raises(TrainingError, match=r"needs 230 healthy cells or more .* with 90 % confidence"):
        fitted(np.arange(100.0), np.arange(100).astype(str))


def test_too_few_patients_are_told_how_many_it_takes():
    with pytest.raises(TrainingError, match=r"needs 10 patients .* but got 900 healthy cells of 9 patients"):
        fitted(np.arange(900.0), (np.arange(900) % 9).astype(str))


@pytest.mark.parametrize("fields", [{"delta": 0.0}, {"delta": 0.5}, {"bound": "dkw"}])
def test_impossible_fields_are_refused(fields):
    with pytest.raises(ConfigError, match="calibration_conditional"):
        CalibrationConditional(**fields)
