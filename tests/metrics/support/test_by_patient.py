import numpy as np

from normocyte.metrics.support.by_patient import false_positives_by_patient

FLAGGED = np.array([True, False, False, True, True, False])
LABELS = np.array([0, 0, 0, 1, 0, 0], np.int8)
PATIENTS = np.array(["b", "b", "a", "c", "b", "a"])


def test_patients_with_healthy_cells_are_listed_by_name():
    found = false_positives_by_patient(FLAGGED, LABELS, PATIENTS)
    assert list(zip(found.patients, found.healthy, found.flagged, strict=True)) == [("a", 2, 0), ("b", 3, 2)]


def test_the_median_and_the_worst_rate_are_over_patients_not_cells():
    found = false_positives_by_patient(FLAGGED, LABELS, PATIENTS)
    assert (found.median, found.worst) == (1 / 3, 2 / 3)


def test_without_healthy_cells_there_is_no_rate():
    found = false_positives_by_patient(FLAGGED, np.ones(6, np.int8), PATIENTS)
    assert len(found.rates) == 0
    assert np.isnan([found.median, found.worst]).all()
