"""What counts by patient say of a new patient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, kstest

from normocyte.core.errors import DatasetError
from normocyte.parasitaemia.support.patients import Rates, Tally


def drawn(mean: float, precision: float, patients: int = 45, cells: int = 68, seed: int = 0) -> Tally:
    """Patients whose rates have a Beta distribution."""
    draw = np.random.default_rng(seed)
    rates = draw.beta(mean * precision, (1 - mean) * precision, patients)
    return Tally(np.full(patients, cells), draw.binomial(cells, rates))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), most=st.integers(1, 200))
def test_the_rates_of_a_new_patient_are_a_distribution_on_0_to_1(seed, most):
    draw = np.random.default_rng(seed)
    cells = draw.integers(1, most + 1, 12)
    rates = Tally(cells, draw.binomial(cells, draw.random())).new_patient
    assert rates.weights.sum() == pytest.approx(1)
    assert (np.diff(rates.values) > 0).all()
    assert 0 < rates.values[0] < rates.mean < rates.values[-1] < 1


def test_patients_who_differ_give_a_wider_spread_than_patients_who_do_not():
    alike, different = drawn(0.05, 5000), drawn(0.05, 10)
    assert different.new_patient.quantile(0.95) > 1.5 * alike.new_patient.quantile(0.95)


def test_many_patients_with_many_cells_give_their_own_distribution():
    rates = drawn(0.05, 40, patients=2000, cells=2000).new_patient
    expected = beta(2, 38).cdf(rates.values)
    np.testing.assert_allclose(np.cumsum(rates.weights), expected, atol=0.04)


def test_more_patients_say_more_of_a_new_one():
    few, many = drawn(0.02, 100, patients=10), drawn(0.02, 100, patients=400)
    assert many.new_patient.quantile(0.99) < few.new_patient.quantile(0.99)


def test_a_cut_that_flagged_nothing_may_still_flag_some_of_a_new_patient():
    rates = Tally(np.full(45, 68), np.zeros(45, int)).new_patient
    assert 0 < rates.mean < 0.002


def test_a_new_patient_is_placed_evenly_in_the_distribution_that_others_foretell():
    draw, places = np.random.default_rng(4), []
    for seed in range(60):
        rates = drawn(0.03, 60, seed=seed).new_patient
        places.append(np.interp(draw.beta(1.8, 58.2), rates.values, np.cumsum(rates.weights)))
    assert kstest(places, "uniform").pvalue > 0.01


def test_thinned_rates_keep_their_mean():
    rates = drawn(0.02, 50).new_patient
    thin = rates.thinned(30)
    assert len(thin.values) <= 30
    assert thin.mean == pytest.approx(rates.mean)
    assert thin.weights.sum() == pytest.approx(1)


def test_one_known_rate_is_that_of_all_patients():
    rates = Rates.known(0.8)
    assert (rates.mean, rates.quantile(0.01), rates.quantile(0.99)) == (0.8, 0.8, 0.8)


def test_cells_are_counted_by_patient():
    tally = Tally.of(np.array([True, False, True, True]), np.array(["b", "a", "b", "c"]))
    np.testing.assert_array_equal(tally.cells, [1, 2, 1])
    np.testing.assert_array_equal(tally.flagged, [0, 2, 1])


def test_no_cells_are_of_no_patients():
    assert len(Tally.of(np.empty(0, bool), np.empty(0, np.str_))) == 0


@pytest.mark.parametrize(
    ("names", "message"),
    [(["a", ""], "2 flags are given for 2 cells, 1 of them"), (["a"], "2 flags are given for 1 cells")],
)
def test_flags_without_a_known_patient_are_refused(names, message):
    with pytest.raises(DatasetError, match=message):
        Tally.of(np.array([True, False]), np.array(names))


def test_no_patients_have_no_rate():
    assert np.isnan(Tally().rate)


@pytest.mark.parametrize("patients", [0, 1, 9])
def test_too_few_patients_are_refused(patients):
    with pytest.raises(DatasetError, match=f"Counts of {patients} patients do not show .*; give at least 10"):
        _ = drawn(0.1, 10, patients=patients).new_patient


@pytest.mark.parametrize(
    ("cells", "flagged", "message"),
    [
        ([70, 0], [1, 0], "1 of 2 patients have no cells; leave them out"),
        ([70, 60], [1, 61], "A patient has 61 flagged cells of 60; give at most"),
        ([70, np.nan], [1, 1], "nan cells of a patient are not possible; give whole numbers"),
        ([70, 60], [1, -1], r"-1.0 flagged cells of a patient are not possible; give whole"),
        ([70, 60], [1, 0.5], r"0.5 flagged cells of a patient are not possible; give whole"),
        ([np.inf, 60], [1, 1], "inf cells of a patient are not possible; give whole"),
        ([70, 60], [1], r"have the shapes \(2,\) and \(1,\); give one number a patient"),
    ],
)
def test_what_cannot_be_counts_is_refused(cells, flagged, message):
    with pytest.raises(DatasetError, match=message):
        Tally(np.array(cells), np.array(flagged))
