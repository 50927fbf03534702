import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.thresholds.best_f1 import BestF1
from normocyte.thresholds.f_beta import FBeta

SCORES = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
LABELS = np.array([0, 0, 1, 0, 0, 1, 1], np.int8)


def cut(threshold: FBeta | BestF1, scores: np.ndarray, labels: np.ndarray) -> float:
    threshold.fit(scores, np.full(len(scores), "C1"), labels)
    return threshold.cut


@pytest.mark.parametrize(("beta", "expected"), [(0.5, 4.5), (2, 1.5)])
def test_a_larger_beta_buys_recall_with_precision(beta, expected):
    assert cut(FBeta(beta), SCORES, LABELS) == expected


@given(st.integers(0, 2**32 - 1))
def test_with_a_beta_of_one_it_is_the_best_f1(seed):
    rng = np.random.default_rng(seed)
    labels = np.append([0, 1], rng.integers(0, 2, 38)).astype(np.int8)
    scores = rng.normal(labels, 1)
    assert cut(FBeta(1), scores, labels) == cut(BestF1(), scores, labels)


@pytest.mark.parametrize("beta", [0, -1, 101, float("nan")])
def test_an_impossible_beta_is_refused(beta):
    with pytest.raises(ConfigError, match=rf"beta must be a number from 0\.01 to 100, not {beta}"):
        FBeta(beta)
