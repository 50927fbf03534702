"""The test for more flagged cells than in a healthy smear."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.parasitaemia.support.cut import Counts, Cut, critical, excess_p_value, share_interval
from normocyte.parasitaemia.support.patients import Tally


def calibrated(seed: int, patients: int = 45, cells: int = 68) -> Cut:
    draw = np.random.default_rng(seed)
    return Cut(Tally(np.full(patients, cells), draw.binomial(cells, draw.beta(0.5, 49.5, patients))))


CUT = calibrated(0)


def smear(cells: int, flagged: int, cut: Cut = CUT) -> Counts:
    return Counts(np.array([cells]), np.array([flagged]), cut)


@settings(max_examples=40, deadline=None)
@given(cells=st.integers(1, 50_000), share=st.floats(0, 1))
def test_a_p_value_falls_with_every_flagged_cell(cells, share):
    flagged = int(share * (cells - 1))
    fewer, more = (excess_p_value(smear(cells, count)) for count in (flagged, flagged + 1))
    assert 0 < more <= fewer <= 1


def test_no_flagged_cell_is_no_evidence():
    assert excess_p_value(smear(2000, 0)) == 1


def test_a_p_value_is_never_smaller_than_the_rank_among_so_many_patients():
    assert excess_p_value(smear(2000, 2000)) == pytest.approx(1 / 46)


def test_healthy_smears_of_new_patients_are_called_infected_no_more_often_than_the_level():
    draw, calls = np.random.default_rng(6), []
    for seed in range(40):
        least = critical(calibrated(seed), 2000, 0.05)
        calls.extend(draw.binomial(2000, draw.beta(0.5, 49.5, 100)) >= least)
    assert np.mean(calls) <= 0.065


def test_smears_of_patients_taken_for_alike_would_be_called_infected_too_often():
    draw = np.random.default_rng(6)
    flagged = draw.binomial(2000, draw.beta(0.5, 49.5, 500))
    alone = CUT.healthy.rate + 1.645 * np.sqrt(CUT.healthy.rate / 2000)
    assert np.mean(flagged / 2000 > alone) > 0.15


@pytest.mark.parametrize("cells", [1, 50, 2000])
def test_the_critical_number_is_the_fewest_that_is_significant(cells):
    least = critical(CUT, cells, 0.05)
    assert excess_p_value(smear(cells, min(least, cells))) <= 0.05 or least == cells + 1
    assert excess_p_value(smear(cells, least - 1)) > 0.05


def test_a_level_that_so_few_patients_cannot_support_is_refused():
    with pytest.raises(ConfigError, match=r"level of 0\.05 needs 19 calibration patients, but there are 12"):
        critical(calibrated(1, patients=12), 100, 0.05)


@pytest.mark.parametrize("level", [0.0, 1.0, 5, float("nan")])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(ConfigError, match=f"level = {level} is not possible; choose a share between"):
        critical(CUT, 100, level)


def test_a_smear_without_cells_is_refused():
    with pytest.raises(DatasetError, match="A smear of 0 cells cannot be tested; give at least 1 cell"):
        excess_p_value(smear(0, 0))


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_interval(counts):
    flagged, of = counts
    low, high = share_interval(flagged, of)
    assert 0 <= low <= flagged / of <= high <= 1
    assert low < high


def test_the_interval_of_none_of_100_is_the_rule_of_three():
    assert share_interval(0, 100) == (0.0, pytest.approx(1 - 0.05**0.01))
