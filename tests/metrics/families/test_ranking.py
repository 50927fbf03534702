import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity

LABELS = np.repeat([0, 1], 100).astype(np.int8)
PATIENTS = np.tile([f"C{number}" for number in range(10)], 20)


def test_constant_scores_are_worth_a_coin():
    assert Auroc().measure(np.zeros(200), LABELS, PATIENTS).value == 0.5


def test_average_precision_of_constant_scores_is_the_prevalence():
    measured = AveragePrecision(prevalence=0.03).measure(np.zeros(200), LABELS, PATIENTS)
    assert measured.value == pytest.approx(0.03)


def test_rarer_anomalies_lower_the_average_precision():
    scores = np.random.default_rng(0).normal(size=200) + 2 * LABELS
    found = [
        AveragePrecision(prevalence=share).measure(scores, LABELS, PATIENTS).value
        for share in (0.01, 0.05, 0.5)
    ]
    assert found == sorted(found)


def test_exactly_five_of_a_hundred_healthy_cells_may_be_flagged_at_95_percent():
    healthy = np.arange(100.0)
    scores = np.concatenate([healthy, np.repeat([94.5, 93.5], 50)])
    assert SensitivityAtSpecificity(specificity=0.95).measure(scores, LABELS, PATIENTS).value == 0.5


def test_ties_with_too_many_healthy_cells_are_not_counted_as_found():
    scores = np.concatenate([np.zeros(90), np.ones(10), np.ones(100)])
    assert SensitivityAtSpecificity(specificity=0.95).measure(scores, LABELS, PATIENTS).value == 0


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_an_impossible_prevalence_is_refused(share):
    with pytest.raises(ConfigError, match=f"prevalence must be a number from 0 and below 1, not {share}"):
        AveragePrecision(prevalence=share)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_an_impossible_specificity_is_refused(share):
    with pytest.raises(ConfigError, match=f"specificity must be a number from 0 to 1, not {share}"):
        SensitivityAtSpecificity(specificity=share)
