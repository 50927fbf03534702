"""The estimators where the answer is known."""

import numpy as np
import pytest
from scipy.stats import beta

from normocyte.core.errors import ConfigError
from normocyte.parasitaemia.beta_binomial import BetaBinomial
from normocyte.parasitaemia.inverted_test import InvertedTest
from normocyte.parasitaemia.rogan_gladen import RoganGladen
from normocyte.parasitaemia.support.cut import Counts, Cut, excess_p_value
from normocyte.parasitaemia.support.patients import Tally

PERFECT = Cut(Tally(np.full(400, 100_000), np.zeros(400, int)), sensitivity=1.0)


def smear(cells: int, flagged: int, cut: Cut) -> Counts:
    return Counts(np.array([cells]), np.array([flagged]), cut)


def test_a_perfect_cut_leaves_the_interval_of_agresti_and_coull():
    found = RoganGladen().estimate(smear(1000, 50, PERFECT))
    centre = (50 + 1.96**2 / 2) / (1000 + 1.96**2)
    reach = 1.96 * np.sqrt(centre * (1 - centre) / (1000 + 1.96**2))
    assert found.value == 0.05
    assert (found.low, found.high) == pytest.approx((centre - reach, centre + reach), abs=1e-4)


def test_a_perfect_cut_leaves_the_posterior_of_a_share():
    found = BetaBinomial().estimate(smear(1000, 50, PERFECT))
    posterior = beta(51, 951)
    assert found.value == pytest.approx(posterior.median(), abs=2e-4)
    assert posterior.cdf(found.high) - posterior.cdf(found.low) == pytest.approx(0.95, abs=0.01)
    assert posterior.pdf(found.low) == pytest.approx(posterior.pdf(found.high), rel=0.1)


def test_a_perfect_cut_leaves_the_interval_of_clopper_and_pearson():
    found = InvertedTest().estimate(smear(1000, 50, PERFECT))
    assert found.low == pytest.approx(beta(50, 951).ppf(0.025), abs=1e-4)
    assert found.high == pytest.approx(beta(51, 950).ppf(0.975), abs=1e-4)
    assert found.value == pytest.approx(0.05, abs=1e-3)


@pytest.mark.parametrize("flagged", range(0, 120, 12))
def test_the_inverted_test_begins_above_0_where_the_test_rejects_at_half_its_level(flagged):
    counts = smear(1000, flagged, Cut(Tally(np.full(60, 100), np.arange(60) % 3), sensitivity=0.9))
    assert (InvertedTest().estimate(counts).low > 0) == (excess_p_value(counts) < 0.025)


def test_false_flags_are_taken_off_and_missed_cells_made_up_for():
    cut = Cut(Tally(np.full(20, 100), np.full(20, 1)), sensitivity=0.81)
    assert RoganGladen().estimate(smear(1000, 90, cut)).value == pytest.approx(0.1)


def test_fewer_flags_than_false_ones_give_none_infected():
    cut = Cut(Tally(np.full(20, 100), np.full(20, 5)), sensitivity=0.9)
    found = RoganGladen().estimate(smear(1000, 10, cut))
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high >= 0.003


def test_a_smear_with_no_flagged_cell_does_not_exclude_every_parasite():
    found = RoganGladen().estimate(smear(300, 0, Cut(Tally(np.full(20, 100), np.full(20, 5)))))
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 300))


def test_patients_who_differ_widen_the_interval():
    alike, different = np.full(40, 2), np.repeat([0, 8], [30, 10])
    widths = []
    for flagged in (alike, different):
        found = RoganGladen().estimate(smear(5000, 300, Cut(Tally(np.full(40, 100), flagged))))
        widths.append(found.high - found.low)
    assert widths[1] > 1.5 * widths[0]


def test_a_prior_for_few_infected_cells_lowers_the_estimate():
    counts = smear(50, 5, PERFECT)
    assert BetaBinomial(prior_healthy=50).estimate(counts).value < BetaBinomial().estimate(counts).value


@pytest.mark.parametrize("name", ["prior_infected", "prior_healthy"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_prior_that_is_none_is_refused(name, value):
    with pytest.raises(ConfigError, match=f"{name} must be a finite number above 0, not {value}"):
        BetaBinomial(**{name: value})
