"""Whether healthy test cells confirm a threshold, by cells and by patients."""

import numpy as np
import pytest
from scipy import stats

from normocyte.results.agreement import Between
from normocyte.thresholds.best_f1 import BestF1
from normocyte.thresholds.mean_plus_sigma import MeanPlusSigma
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.validation.agreement import Healthy, agreement


def drawn(seed, count, shift=0.0, each=0, name="C"):
    """Healthy scores; with `each`, of patients who differ more than their cells do."""
    rng = np.random.default_rng(seed)
    if not each:
        return Healthy(rng.normal(shift, 1, count), np.full(count, ""))
    patient = np.arange(count) // each
    of_patients = rng.normal(shift, 1, count // each + 1)[patient]
    return Healthy(of_patients + rng.normal(0, 0.2, count), np.char.add(name, patient.astype(str)))


def fitted(calibration, rate=0.05):
    rule = Quantile(rate)
    rule.fit(calibration.scores, calibration.groups, np.zeros(len(calibration.scores), np.int8))
    return rule


def compared(calibration, test, rate=0.05):
    return agreement(fitted(calibration, rate), calibration, test)


def test_the_rank_of_the_threshold_and_what_it_may_flag_of_new_cells_are_known():
    found = compared(drawn(0, 40), drawn(1, 0))
    assert (found.rank, found.deciding, found.few_decide, found.test) == (2, 2, True, 0)
    low, high = stats.beta.interval(0.95, 2, 39)
    assert found.new_cells == Between(pytest.approx(low), pytest.approx(high))


def test_of_many_cells_of_many_patients_few_do_not_decide():
    assert not compared(drawn(0, 2000), drawn(1, 0)).few_decide


def test_many_cells_of_one_patient_decide_as_one():
    calibration = drawn(0, 400, each=40)
    found = compared(calibration, drawn(1, 0))
    assert found.rank == 20
    assert found.deciding < 3
    assert found.few_decide


def test_cells_of_nobody_known_are_compared_as_kolmogorov_and_smirnov_do():
    calibration, test = drawn(2, 40), drawn(3, 50, shift=1.5)
    found, known = compared(calibration, test), stats.ks_2samp(calibration.scores, test.scores)
    assert (found.distance, found.distance_p_value) == (known.statistic, known.pvalue)
    assert found.scores_differ
    assert found.is_higher


def test_more_flagged_than_chance_allows_is_found_by_the_order_statistic():
    found = compared(drawn(2, 400), drawn(3, 200, shift=0.8))
    assert found.rate_differs
    assert found.rate > found.by_chance.high
    assert found.promised == 0.05


@pytest.mark.parametrize("each", [0, 10])
def test_cells_of_the_same_kind_seldom_raise_an_alarm(each):
    found = [compared(drawn(n, 80, each=each), drawn(n + 500, 100, each=each, name="D")) for n in range(40)]
    assert sum(one.scores_differ or one.rate_differs for one in found) <= 5


def test_what_patients_differ_by_is_no_evidence_where_patients_are_exchanged():
    """Five patients a side whose cells hardly differ: as single cells the sides would differ by far."""
    calibration, test = drawn(8, 200, each=40), drawn(9, 200, each=40, name="D")
    assert stats.ks_2samp(calibration.scores, test.scores).pvalue < 1e-6
    found = compared(calibration, test)
    assert (found.calibration_groups, found.test_groups) == (5, 5)
    assert not found.scores_differ


def test_a_shift_of_all_patients_is_found():
    found = compared(drawn(4, 400, each=10), drawn(5, 400, shift=2, each=10, name="D"))
    assert found.scores_differ
    assert found.rate_differs


def of_equals(seed, count):
    """Healthy scores of which most are the highest there is, as of a share that cannot pass 1."""
    one = drawn(seed, count)
    return Healthy(np.minimum(one.scores, -1.0), one.groups)


def test_nothing_of_many_equal_scores_is_flagged_and_that_is_no_alarm():
    found = compared(of_equals(0, 40), of_equals(1, 50))
    assert (found.rank, found.flagged, found.rate_differs, found.few_decide) == (2, 0, False, False)
    assert found.by_chance.low == found.new_cells.low == 0
    assert found.new_cells.high == pytest.approx(stats.beta.ppf(0.975, 1, 40))


def test_more_than_chance_allows_is_found_above_equal_scores():
    test = Healthy(np.append(of_equals(1, 40).scores, [2.0] * 10), np.full(50, ""))
    found = compared(of_equals(0, 40), test)
    assert found.rate_differs
    assert found.rate > found.by_chance.high


def test_many_groups_are_compared_by_all_of_their_scores():
    """One pair of near-duplicates among thousands of cells: groups are exchanged as cells would be."""
    calibration, test = drawn(2, 3000), drawn(3, 3000, shift=0.3)
    names = np.char.add("C", np.maximum(np.arange(3000), 1).astype(str))
    found = compared(Healthy(calibration.scores, names), Healthy(test.scores, np.char.add("D", names)))
    assert found.distance == pytest.approx(stats.ks_2samp(calibration.scores, test.scores).statistic)
    assert found.scores_differ
    assert found.rate_differs


def test_where_patients_of_one_side_are_unknown_each_cell_counts():
    found = compared(drawn(4, 100, each=10), drawn(5, 100))
    assert (found.calibration_groups, found.test_groups) == (100, 100)


def test_cells_of_one_patient_cannot_be_compared_by_patient():
    found = compared(drawn(4, 20, each=20), drawn(5, 60, shift=3, each=20, name="D"))
    assert (found.calibration_groups, found.test_groups) == (1, 3)
    assert not found.scores_differ
    assert not found.rate_differs


def test_the_same_cells_give_the_same_figures():
    calibration, test = drawn(4, 100, each=10), drawn(5, 100, each=10, name="D")
    assert compared(calibration, test) == compared(calibration, test)


def test_of_a_threshold_between_scores_or_tuned_with_labels_no_rank_is_told():
    calibration, test = drawn(0, 60), drawn(1, 60, shift=1)
    labels = np.repeat([0, 1], 30).astype(np.int8)
    for rule in (MeanPlusSigma(), BestF1()):
        rule.fit(calibration.scores, calibration.groups, labels * rule.uses_labels)
        found = agreement(rule, calibration, test)
        assert (found.rank, found.few_decide, found.rate_differs) == (0, False, False)
        assert found.scores_differ
