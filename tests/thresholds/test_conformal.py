import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import TrainingError
from normocyte.thresholds._calibration import Calibration
from normocyte.thresholds.conformal import Conformal
from normocyte.thresholds.quantile import Quantile


def fitted(rule, scores):
    rule.fit(scores, np.full(len(scores), "C1"), np.zeros(len(scores), np.int8))
    return rule


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.05, 0.2]))
def test_it_cuts_where_the_quantile_does(seed, rate):
    scores = np.random.default_rng(seed).normal(size=150)
    assert fitted(Conformal(rate), scores).cut == fitted(Quantile(rate), scores).cut


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.05, 0.2]))
def test_a_cell_is_flagged_when_its_p_value_is_within_the_rate(seed, rate):
    scores = np.random.default_rng(seed).normal(size=400)
    rule, calibration = (
        fitted(Conformal(rate), scores[:200]),
        Calibration.of(scores[:200], np.full(200, "C1")),
    )
    p_values = rule.p_values(scores[200:], calibration)
    np.testing.assert_array_equal(rule.decide(scores[200:]), p_values <= rate)


def test_too_few_cells_are_told_how_many_the_rate_needs():
    with pytest.raises(
        TrainingError, match="needs 99 healthy cells for a false-positive rate of 1 %, but got 98"
    ):
        fitted(Conformal(0.01), np.arange(98.0))


def test_it_says_the_smallest_p_value():
    calibration = Calibration(np.arange(199.0), np.full(199, "C1"))
    assert "smallest p-value that these can give is 0.005" in Conformal().guarantee(calibration).sentence
