"""What a demo measures of each method: its strict threshold, and where its error lies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.results.evaluation import View
from normocyte.workflows.evaluation.methods import strict_threshold
from normocyte.workflows.evaluation.outline import outline_share

ROUND = np.hypot(*(np.mgrid[:16, :16] - 7.5)) < 7


def view(error, mask=ROUND):
    plane = np.zeros((16, 16), np.float32)
    return View(
        np.zeros((16, 16, 3), np.uint8), plane, plane, error.astype(np.float32), mask.astype(np.uint8), plane
    )


@given(st.lists(st.floats(-5, 5, allow_nan=False), min_size=1, max_size=300))
def test_at_most_one_healthy_cell_in_a_hundred_lies_above_the_strict_threshold(scores):
    found = strict_threshold(np.array(scores), np.zeros(len(scores), np.int8))
    assert np.mean(np.array(scores) > found) <= 0.01


def test_the_strict_threshold_finds_what_the_metric_says():
    rng = np.random.default_rng(4)
    labels = (rng.uniform(size=900) < 0.4).astype(np.int8)
    scores = rng.normal(size=900) + 2 * labels
    found = np.mean(scores[labels == 1] > strict_threshold(scores, labels))
    patients = np.array([f"C{row % 30}" for row in range(900)])
    metric = SensitivityAtSpecificity(specificity=0.99, resamples=2)
    assert found == pytest.approx(metric.measure(scores, labels, patients).value)


def test_an_error_inside_lies_not_at_the_outline():
    error = np.zeros((16, 16))
    error[7:9, 7:9] = 1
    assert outline_share([view(error)]) == 0


def test_an_error_at_the_edge_or_outside_lies_at_the_outline():
    assert outline_share([view(~ROUND * 1.0), view(np.eye(16) * ~ROUND)]) == 1


def test_without_error_there_is_no_share():
    assert np.isnan(outline_share([view(np.zeros((16, 16)))]))
