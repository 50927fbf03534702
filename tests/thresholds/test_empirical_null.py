import numpy as np
import pytest
from scipy import stats

from normocyte.core.errors import TrainingError
from normocyte.thresholds.empirical_null import EmpiricalNull
from normocyte.thresholds.support.calibration import Calibration

HEALTHY = {"lognormal": stats.lognorm(0.5), "gamma": stats.gamma(2), "exponential": stats.expon()}


def smear(law, seed, infected=0.0, cells=1000):
    """Scores of a smear: healthy ones of this law, and far higher ones of infected cells in this share."""
    chance, count = np.random.default_rng(seed), round(infected * cells)
    healthy = HEALTHY[law].rvs(cells - count, random_state=chance)
    return np.append(healthy, HEALTHY[law].ppf(0.9999) * chance.uniform(1, 1.5, count))


def fitted(scores, rate=0.01):
    rule = EmpiricalNull(rate)
    rule.fit(scores, np.full(len(scores), "C1"), np.zeros(len(scores), np.int8))
    return rule


@pytest.mark.parametrize("law", HEALTHY)
@pytest.mark.parametrize("infected", [0, 0.03])
def test_healthy_cells_are_flagged_about_as_often_as_asked(law, infected):
    rates = [HEALTHY[law].sf(fitted(smear(law, seed, infected), 0.05).cut) for seed in range(20)]
    assert 0.02 < np.mean(rates) < 0.08


@pytest.mark.parametrize("law", HEALTHY)
def test_at_1_per_cent_it_is_not_badly_wrong(law):
    assert 0.003 < np.mean([HEALTHY[law].sf(fitted(smear(law, seed)).cut) for seed in range(20)]) < 0.02


def test_infected_cells_in_a_smear_are_found_by_the_healthy_ones_beside_them():
    scores = smear("lognormal", 1, 0.03)
    p_values = fitted(scores).p_values(scores, Calibration.of(scores, np.full(1000, "C1")))
    assert (p_values[970:] < 0.01).all()


@pytest.mark.parametrize("law", HEALTHY)
def test_a_smear_in_which_too_many_cells_look_anomalous_is_refused(law):
    with pytest.raises(
        TrainingError, match=r"needs 90 % healthy cells or more .* only about [78]\d % of these"
    ):
        fitted(smear(law, 3, 0.2))


@pytest.mark.parametrize("rate", [1e-4, 0.01, 0.3])
def test_a_cell_is_flagged_when_its_p_value_is_within_the_rate(rate):
    scores = smear("gamma", 2)
    rule, judged = fitted(scores, rate), np.linspace(-3, 20, 999)
    p_values = rule.p_values(judged, Calibration.of(scores, np.full(1000, "C1")))
    np.testing.assert_array_equal(rule.decide(judged), p_values <= rate)


def test_too_few_cells_are_told_how_many_it_takes():
    with pytest.raises(TrainingError, match=r"needs 100 cells of a smear to see its bulk, not 99"):
        fitted(smear("gamma", 1, cells=99))


def test_cells_that_score_alike_are_refused():
    with pytest.raises(
        TrainingError, match=r"needs scores that differ, but most of these 500 cells score 0\.3"
    ):
        fitted(np.full(500, 0.3))


def test_without_a_bulk_that_differs_p_values_are_conformal():
    p_values = EmpiricalNull().p_values(np.array([1.0, 0.1]), Calibration(np.full(9, 0.3), np.full(9, "C1")))
    np.testing.assert_allclose(p_values, [0.1, 1])


def test_it_says_what_it_rests_on():
    sentence = EmpiricalNull().guarantee(Calibration(np.arange(500.0), np.full(500, "C1"))).sentence
    assert "if nine in ten or more of the 500 cells that it was fitted on are healthy" in sentence
    assert "an estimate, not a guarantee" in sentence
