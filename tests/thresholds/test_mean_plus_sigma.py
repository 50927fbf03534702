import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.thresholds.mean_plus_sigma import MeanPlusSigma

SCORES = np.array([1.0, 3.0, 5.0, 7.0])


def cut_for(sigmas: float) -> float:
    threshold = MeanPlusSigma(sigmas)
    threshold.fit(SCORES, np.full(4, "C1"), np.zeros(4, np.int8))
    return threshold.cut


def test_it_is_the_mean_and_some_standard_deviations():
    assert cut_for(2) == pytest.approx(4 + 2 * np.sqrt(5))


@given(st.floats(0, 100), st.floats(0, 100))
def test_more_sigmas_never_lower_the_cut(one, other):
    assert cut_for(max(one, other)) >= cut_for(min(one, other))


@pytest.mark.parametrize("sigmas", [-1, 101, float("nan")])
def test_impossible_sigmas_are_refused(sigmas):
    with pytest.raises(ConfigError, match=f"sigmas must be a number from 0 to 100, not {sigmas}"):
        MeanPlusSigma(sigmas)
