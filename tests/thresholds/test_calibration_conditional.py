import numpy as np
import pytest
from scipy.stats import norm

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.thresholds.calibration_conditional import CalibrationConditional
from normocyte.thresholds.support.calibration import Calibration
from normocyte.thresholds.support.conditional import BOUNDS, adjusted

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
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(45), rng.integers(30, 110, 45))
    level, width = rng.normal(0, 0.3, 45), np.exp(rng.normal(0, 0.2, 45))
    rule = fitted(rng.normal(level[who], width[who]), who.astype(str), **fields)
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
        fitted(np.arange(100.0), np.arange(100).astype(str), bound="cells")


def test_too_few_patients_are_told_how_many_it_takes():
    with pytest.raises(TrainingError, match=r"needs 10 patients .* but got 900 healthy cells of 9 patients"):
        fitted(np.arange(900.0), (np.arange(900) % 9).astype(str))


@pytest.mark.parametrize(("cells", "enough"), [(240, 15), (100, 25)])
def test_too_few_patients_for_a_rate_are_told_how_many_with_as_many_cells_it_takes(cells, enough):
    refused = rf"needs {enough} patients or more, with as many cells each,.* got {cells} healthy cells of 10"
    with pytest.raises(TrainingError, match=refused):
        fitted(np.arange(float(cells)), (np.arange(cells) % 10).astype(str))


def test_patients_who_would_be_refused_if_they_differ_are_refused_before_they_have_scores():
    patients = (np.arange(150) % 30).astype(str)
    fitted(np.arange(300.0), (np.arange(300) % 30).astype(str))
    with pytest.raises(TrainingError, match=r"150 healthy cells of 30 patients"):
        CalibrationConditional().check_supported(patients)


@pytest.mark.parametrize("fields", [{"delta": 0.0}, {"delta": 0.5}, {"bound": "hoeffding"}])
def test_impossible_fields_are_refused(fields):
    with pytest.raises(ConfigError, match=r"must be .*, not "):
        CalibrationConditional(**fields)


def share_of_draws_beyond(bound, cells=300, draws=1000, delta=0.1):
    """The share of draws of calibration cells in which some p-value is below the true one."""
    b = adjusted(bound, cells, delta)
    uniform = np.sort(np.random.default_rng(8).random((draws, cells)), axis=1)
    return np.mean((uniform > b[:-1]).any(axis=1))


@pytest.mark.parametrize("bound", BOUNDS)
def test_the_p_values_of_independent_cells_hold_for_every_rate_at_once(bound):
    assert share_of_draws_beyond(bound) <= 0.1 + 3 * np.sqrt(0.09 / 1000)


@pytest.mark.parametrize("bound", ["simes", "monte_carlo"])
def test_the_sharp_bounds_give_little_away(bound):
    assert share_of_draws_beyond(bound) >= 0.1 - 3 * np.sqrt(0.09 / 1000)


@pytest.mark.parametrize("bound", BOUNDS)
def test_the_true_rate_of_independent_cells_is_rarely_above_nominal(bound):
    rng = np.random.default_rng(3)
    cuts = [
        fitted(rng.normal(size=500), np.full(500, "C1"), bound=bound, false_positive_rate=0.1).cut
        for _ in range(400)
    ]
    assert np.mean(norm.sf(cuts) > 0.1) <= 0.1 + 3 * np.sqrt(0.09 / 400)


def test_for_small_p_values_simes_is_far_sharper_than_dkw_and_dkw_is_sharper_near_a_half():
    simes, dkw, monte_carlo = (adjusted(bound, 1000, 0.1) for bound in ("simes", "dkw", "monte_carlo"))
    assert 3.5 * simes[4] < dkw[4]
    assert simes[9] < monte_carlo[9] < dkw[9]
    assert monte_carlo[99] < simes[99]
    assert dkw[450] < simes[450]


def test_simes_of_two_cells_is_computed_by_hand():
    np.testing.assert_allclose(adjusted("simes", 2, 0.1), [1 - 0.1, 1, 1])


def test_dkw_adds_one_width_to_the_plain_share():
    width = np.sqrt(np.log(10) / 2000)
    np.testing.assert_allclose(adjusted("dkw", 1000, 0.1)[:500], np.arange(500) / 1000 + width)


@pytest.mark.parametrize("cells", [1, 2, 3, 10, 1000, 40_000])
@pytest.mark.parametrize("bound", BOUNDS)
def test_adjusted_p_values_rise_to_1_and_are_never_below_the_plain_ones(bound, cells):
    b = adjusted(bound, cells, 0.1)
    assert (np.diff(b) >= 0).all()
    assert (b >= np.arange(1, cells + 2) / (cells + 1)).all()
    assert b[-1] == 1


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_cell_is_flagged_when_its_adjusted_p_value_is_within_the_rate(bound):
    scores, patients = np.random.default_rng(1).normal(size=2000), np.full(2000, "C1")
    rule = fitted(scores, patients, bound=bound, false_positive_rate=0.1)
    judged = np.append(scores, np.linspace(-5, 5, 500))
    p_values = rule.p_values(judged, Calibration.of(scores, patients))
    np.testing.assert_array_equal(rule.decide(judged), p_values <= 0.1)


@pytest.mark.parametrize(
    ("bound", "needed"), [("simes", "460 "), ("dkw", "11,5.. "), ("monte_carlo", "368 ")]
)
def test_a_bound_for_every_rate_says_how_many_cells_it_needs(bound, needed):
    with pytest.raises(TrainingError, match=rf"needs {needed}healthy cells or more .* by bound = '{bound}'"):
        fitted(np.arange(200.0), np.full(200, "C1"), bound=bound)


def test_a_bound_for_every_rate_says_what_it_leaves_out():
    rule, calibration = CalibrationConditional(bound="simes"), Calibration(np.arange(9.0), np.full(9, "C1"))
    sentence = rule.guarantee(calibration).sentence
    assert "the same holds for its p-values at every rate; that cells of one patient resemble" in sentence
