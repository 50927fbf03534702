"""The statistics are SciPy's, the p-values come from exchanging patients."""

import numpy as np
import pytest
from scipy.stats import energy_distance, ks_2samp

from normocyte.core.errors import ConfigError
from normocyte.drift.energy_distance import EnergyDistance
from normocyte.drift.kolmogorov_smirnov import KolmogorovSmirnov

SAMPLES = [np.random.default_rng(seed).normal(size=(25, 7)) for seed in (1, 2)]
TIED = [np.round(sample) for sample in SAMPLES]
KINDS = [KolmogorovSmirnov, EnergyDistance]


@pytest.mark.parametrize(("reference", "stream"), [SAMPLES, TIED])
def test_the_largest_gap_is_that_of_scipy(reference, stream):
    expected = ks_2samp(reference.ravel(), stream.ravel()).statistic
    assert KolmogorovSmirnov().compare(reference, stream).statistic == pytest.approx(expected)


@pytest.mark.parametrize(("reference", "stream"), [SAMPLES, TIED])
def test_the_energy_distance_is_that_of_scipy(reference, stream):
    expected = energy_distance(reference.ravel(), stream.ravel())
    assert EnergyDistance().compare(reference, stream).statistic == pytest.approx(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_p_value_is_that_of_all_permutations(kind):
    far = kind(permutations=99).compare(SAMPLES[0], SAMPLES[1] + 50)
    assert far.p_value == 1 / 100


@pytest.mark.parametrize("kind", KINDS)
def test_cells_of_patients_who_differ_are_not_taken_for_independent(kind):
    levels = np.random.default_rng(8).normal(size=(24, 1))
    both = levels + 0.01 * np.random.default_rng(9).normal(size=(24, 50))
    assert ks_2samp(both[:12].ravel(), both[12:].ravel()).pvalue < 1e-6
    assert kind().compare(both[:12], both[12:]).p_value > 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_no_permutations_are_refused(kind):
    with pytest.raises(ConfigError, match="permutations must be a whole number from 1, not 0"):
        kind(permutations=0)
