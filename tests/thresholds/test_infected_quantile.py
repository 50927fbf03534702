import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.thresholds.infected_quantile import InfectedQuantile


def mixture(infected: float, cells: int = 20_000) -> np.ndarray:
    """Exponential scores of healthy cells, and far higher ones of infected cells in this share."""
    rng = np.random.default_rng(4)
    count = round(infected * cells)
    return np.concatenate([rng.exponential(1, cells - count), rng.uniform(8, 20, count)])


def cut(scores: np.ndarray, rate: float = 0.01) -> float:
    threshold = InfectedQuantile(rate)
    threshold.fit(scores, np.full(len(scores), "C1"), np.zeros(len(scores), np.int8))
    return threshold.cut


@pytest.mark.parametrize("infected", [0, 0.01, 0.02, 0.05, 0.1])
def test_the_cut_is_that_of_the_healthy_cells_whatever_stands_among_them(infected):
    assert cut(mixture(infected)) == pytest.approx(np.log(100), rel=0.06)


def test_without_infected_cells_another_rate_is_met_too():
    assert cut(mixture(0), rate=0.05) == pytest.approx(np.log(20), rel=0.05)


def test_it_is_never_above_the_quantile_of_all_cells():
    scores = np.random.default_rng(1).uniform(0, 1, 500)
    assert cut(scores) <= np.quantile(scores, 0.99, method="higher")


@pytest.mark.parametrize("rate", [0, 0.2, 1, float("nan")])
def test_a_rate_that_the_fall_is_not_read_beyond_is_refused(rate):
    with pytest.raises(
        ConfigError, match=r"false_positive_rate must be a number above 0 and below 0\.2, not "
    ):
        InfectedQuantile(rate)
