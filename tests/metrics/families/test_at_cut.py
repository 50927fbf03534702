import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.metrics.precision import Precision
from normocyte.metrics.recall import Recall

PATIENTS = np.array(["a", "a", "b", "b"])
LABELS = np.array([0, 1, 0, 1], np.int8)


def test_a_score_equal_to_the_cut_is_not_flagged():
    scores = np.array([0.0, 2.0, 0.0, 2.0])
    assert Recall(threshold=2.0).measure(scores, LABELS, PATIENTS).value == 0


def test_precision_is_undefined_when_nothing_is_flagged():
    estimate = Precision(threshold=9.0).measure(np.zeros(4), LABELS, PATIENTS)
    assert np.isnan([estimate.value, estimate.low, estimate.high]).all()


def test_resamples_that_flag_nothing_do_not_spoil_the_interval():
    scores = np.array([1.0, 1.0, 0.0, 0.0])
    estimate = Precision(threshold=0.5).measure(scores, LABELS, PATIENTS)
    assert (estimate.low, estimate.high) == (0.5, 0.5)


def test_a_cut_that_is_no_number_is_refused():
    with pytest.raises(ConfigError, match="threshold must be a number, not nan"):
        Recall(threshold=float("nan"))
