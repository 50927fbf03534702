"""The fewest anomalous cells, against closed testing over all sets of cells."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.false_discovery.support.closed_testing import fewest_anomalies

few_p_values = arrays(
    np.float64,
    st.integers(0, 8),
    elements=st.one_of(st.floats(1e-4, 1.0), st.floats(1e-4, 0.08), st.integers(1, 20).map(lambda k: k / 20)),
)
confidences = st.sampled_from([0.5, 0.8, 0.9, 0.95])


def is_rejected(p_values: np.ndarray, level: float) -> bool:
    """Simes' test of one set of cells."""
    size = len(p_values)
    return any(size * p <= (j + 1) * level for j, p in enumerate(sorted(p_values)))


def by_all_sets(p_values: np.ndarray, selected: np.ndarray, level: float) -> int:
    """The cells selected, less the most of them that lie in a set which could be healthy as a whole."""
    cells = range(len(p_values))
    sets = [list(chosen) for size in cells for chosen in combinations(cells, size + 1)]
    possible = [selected[chosen].sum() for chosen in sets if not is_rejected(p_values[chosen], level)]
    return int(selected.sum() - max(possible, default=0))


@given(p_values=few_p_values, confidence=confidences)
def test_the_shortcut_counts_what_all_sets_give(p_values, confidence):
    everything = np.ones(len(p_values), bool)
    expected = by_all_sets(p_values, everything, 1 - confidence)
    assert fewest_anomalies(p_values, confidence) == expected


@given(p_values=few_p_values)
def test_cells_that_could_not_be_judged_do_not_count(p_values):
    more = np.append(p_values, [np.nan, np.nan])
    assert fewest_anomalies(more) == fewest_anomalies(p_values)


def test_the_bound_lies_above_the_truth_no_more_often_than_it_says():
    draw = np.random.default_rng(3)
    truth = np.repeat([0.0, 4.0], [300, 20])
    bounds = []
    for _ in range(400):
        calibration = np.sort(draw.normal(size=999))
        bounds.append(
            fewest_anomalies((1000.0 - np.searchsorted(calibration, draw.normal(truth))) / 1000, 0.9)
        )
    assert np.mean(np.array(bounds) > 20) <= 0.1 + 0.03
    assert np.mean(bounds) > 1


def test_a_hundred_thousand_cells_are_counted():
    p_values = np.concatenate([np.full(700, 1e-9), np.linspace(0.01, 1, 99_300)])
    assert fewest_anomalies(p_values) == 700


def test_no_cells_give_none():
    assert fewest_anomalies(np.empty(0)) == 0


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ConfigError, match=rf"confidence = {confidence} is not possible; choose"):
        fewest_anomalies(np.array([0.5]), confidence)


def test_p_values_that_are_none_are_refused():
    with pytest.raises(DatasetError, match=r"1 of 2 p-values are not possible, such as 0\.0; give"):
        fewest_anomalies(np.array([0.5, 0.0]))
