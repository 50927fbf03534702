"""Several comparisons at once: intervals that hold together, and few false claims among many measures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from normocyte.metrics.auroc import Auroc
from normocyte.metrics.differences.family import contrasts, simultaneous
from normocyte.metrics.differences.paired import Cells, Drawn, difference, draw_patients, drawn

LABELS = np.repeat([0, 1], 40).astype(np.int8)
EACH = np.array([f"C{number}" for number in range(80)])


def normal(seed, shift=0.0):
    return np.random.default_rng(seed).normal(size=80) + shift * LABELS


def areas(seeds):
    draws = draw_patients([EACH], 400)
    return [drawn([Cells(normal(seed, 1.0), LABELS, EACH)], [Auroc()], draws)[0] for seed in seeds]


def test_intervals_that_hold_together_are_wider_than_each_alone():
    one, *others = areas(range(6))
    for together, other in zip(simultaneous(one, others), others, strict=True):
        alone = difference(one, other).estimate
        assert together.value == pytest.approx(one.value - other.value)
        assert together.high - together.low > alone.high - alone.low


def test_a_detector_does_not_differ_from_itself():
    (one,) = areas([3])
    (same,) = simultaneous(one, [one])
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_without_draws_an_interval_is_not_known():
    (found,) = simultaneous(Drawn((0.9,), np.empty(0)), [Drawn((0.8,), np.empty(0))])
    assert found.value == pytest.approx(0.1)
    assert np.isnan([found.low, found.high]).all()
    assert simultaneous(Drawn((0.9,), np.empty(0)), []) == []


@settings(max_examples=15)
@given(seed=st.integers(0, 999))
def test_a_contrast_is_the_area_under_the_curve(seed):
    measure = np.round(normal(seed), 1)
    (found,) = contrasts(measure[:, None], LABELS, EACH, resamples=10)
    assert found.auroc == pytest.approx(roc_auc_score(LABELS, measure))


def test_a_measure_that_differs_is_found_among_many_that_do_not():
    found = contrasts(np.stack([*map(normal, range(20)), normal(99, shift=1.5)], 1), LABELS, EACH)
    assert found[-1].p_value < 0.01
    assert min(one.p_value for one in found[:-1]) > 0.05


def claims(patients, labels, effect):
    """The share of draws in which any of 8 measures is claimed, each with an effect of its patient."""
    names, owner = np.unique(patients, return_inverse=True)
    lowest = []
    for seed in range(80):
        random = np.random.default_rng(seed)
        of_patient = random.normal(size=(len(names), 8))[owner]
        measures = random.normal(size=(len(labels), 8)) + effect * of_patient
        lowest.append(min(one.p_value for one in contrasts(measures, labels, patients, 400)))
    return np.mean(np.array(lowest) < 0.02)


def test_one_false_claim_among_many_measures_is_rare():
    assert claims(EACH, LABELS, effect=0.0) <= 0.05


def test_patients_who_differ_give_no_claim():
    groups = np.array([f"C{number // 4}" for number in range(80)])
    mixed = np.random.default_rng(0).permutation(LABELS)
    assert claims(groups, LABELS, effect=2.0) <= 0.05
    assert claims(groups, mixed, effect=2.0) <= 0.05


def test_a_rare_value_gives_no_claim():
    labels = np.repeat([0, 1], [150, 30]).astype(np.int8)
    each = np.arange(180).astype(np.str_)
    rare = np.zeros((180, 1))
    rare[:8] = 1
    (found,) = contrasts(rare, labels, each)
    assert found.p_value > 0.1


def test_two_patients_are_never_enough():
    patients = np.where(LABELS == 1, "Ann", "Ben")
    (found,) = contrasts(LABELS[:, None] * 1.0, LABELS, patients)
    assert found.auroc == pytest.approx(1)
    assert found.p_value > 0.4


def test_a_difference_within_patients_is_found():
    measure = normal(7, shift=2.0)[:, None]
    (found,) = contrasts(measure, LABELS, np.tile(["Ann", "Ben", "Cem", "Dan"], 20))
    assert found.p_value < 0.01
