import numpy as np
import pytest

from normocyte.core.errors import TrainingError
from normocyte.thresholds.hierarchical_conformal import HierarchicalConformal, own_shares
from normocyte.thresholds.support.calibration import Calibration


def patients_of(rng, patients):
    """Scores of 40 cells of each of so many patients, whose levels differ, and whose they are."""
    names = np.repeat([f"C{number}" for number in range(patients)], 40)
    return rng.normal(np.repeat(rng.normal(0, 0.5, patients), 40)), names


def draw(seed):
    """The share of a new patient's cells with a p-value within 5 %, mean over 10 new ones."""
    rng = np.random.default_rng(seed)
    known, new = patients_of(rng, 40), patients_of(rng, 10)
    p_values = HierarchicalConformal().p_values(new[0], Calibration.of(*known), new[1])
    return float(np.mean(p_values <= 0.05))


def test_p_values_are_uniform_on_new_patients_whose_own_cells_are_known():
    assert np.mean([draw(seed) for seed in range(150)]) == pytest.approx(0.05, rel=0.15)


def test_each_patient_counts_as_one():
    scores = np.array([1.0, 5.0, 5.0, 5.0, 2.0])
    calibration = Calibration.of(scores, np.array(["A", "B", "B", "B", "A"]))
    p_values = HierarchicalConformal().p_values(np.array([0.0, 1.5, 3.0, 6.0]), calibration)
    np.testing.assert_allclose(p_values, [1, 2.5 / 3, 2 / 3, 1 / 3])


def test_own_cells_make_smaller_p_values_possible():
    calibration = Calibration.of(np.array([1.0, 2.0]), np.array(["A", "B"]))
    own = np.array([9.0, 0.0, 0.5, 0.7])
    p_values = HierarchicalConformal().p_values(own, calibration, np.full(4, "N"))
    np.testing.assert_allclose(p_values, [0.25 / 3, 1, (2 + 0.75) / 3, 2.5 / 3])


def test_own_shares_count_ties_and_leave_out_what_is_no_number():
    scores = np.array([3.0, np.nan, 1.0, 3.0, 7.0])
    patients = np.array(["A", "A", "A", "A", "B"])
    np.testing.assert_allclose(own_shares(scores, patients), [2 / 3, np.nan, 1, 2 / 3, 1])


def test_the_cut_is_the_lowest_that_leaves_only_small_p_values_above():
    scores, patients = patients_of(np.random.default_rng(1), 60)
    rule, calibration = HierarchicalConformal(), Calibration.of(scores, patients)
    rule.fit(scores, patients, np.zeros(len(scores), np.int8))
    assert (rule.p_values(scores[scores > rule.cut], calibration) <= 0.05).all()
    assert rule.p_values(np.array([rule.cut]), calibration) > 0.05


def test_too_few_patients_are_told_how_many_the_rate_needs():
    scores, patients = patients_of(np.random.default_rng(1), 60)
    with pytest.raises(
        TrainingError, match=r"needs 99 patients for a false-positive rate of 1 %, but got 2,400"
    ):
        HierarchicalConformal(0.01).fit(scores, patients, np.zeros(len(scores), np.int8))
