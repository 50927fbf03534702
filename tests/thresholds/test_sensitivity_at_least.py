import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.thresholds.sensitivity_at_least import SensitivityAtLeast

SCORES = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
LABELS = np.array([0, 1, 0, 1, 0, 1], np.int8)


def fitted(sensitivity: float, scores: np.ndarray, labels: np.ndarray) -> SensitivityAtLeast:
    threshold = SensitivityAtLeast(sensitivity)
    threshold.fit(scores, np.full(len(scores), "C1"), labels)
    return threshold


@pytest.mark.parametrize(("sensitivity", "cut"), [(0.3, 4.5), (0.5, 2.5), (0.6, 2.5), (0.95, 0.5), (1, 0.5)])
def test_it_is_the_highest_cut_that_finds_enough(sensitivity, cut):
    assert fitted(sensitivity, SCORES, LABELS).cut == cut


@given(seed=st.integers(0, 2**32 - 1), sensitivity=st.floats(0.01, 1))
def test_the_tuning_cells_are_found_as_often_as_asked(seed, sensitivity):
    rng = np.random.default_rng(seed)
    labels = np.append([0, 1], rng.integers(0, 2, 38)).astype(np.int8)
    scores = np.append(-10.0, rng.normal(0, 1, 39))
    flagged = fitted(sensitivity, scores, labels).decide(scores)
    assert flagged[labels == 1].mean() >= sensitivity


def test_where_no_cut_finds_enough_it_is_the_lowest():
    assert fitted(1.0, np.array([0.0, 0.0, 1.0, 2.0]), np.array([0, 1, 1, 0], np.int8)).cut == 0.5


@pytest.mark.parametrize("sensitivity", [0, -0.1, 1.1, float("nan")])
def test_a_sensitivity_that_is_no_share_is_refused(sensitivity):
    with pytest.raises(
        ConfigError, match=f"sensitivity must be a number above 0 and at most 1, not {sensitivity}"
    ):
        SensitivityAtLeast(sensitivity)
