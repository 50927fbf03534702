"""How rare a value is among healthy ones: empirical, and a fitted tail beyond the 97 % quantile."""

from math import log

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

TAIL_SHARE = 0.03
_FINEST_GRID = 1000
_UNKNOWN_SPREAD = 1.0
_NARROWEST_SPREAD = 0.01
_SMALLEST = 1e-100
"""A ratio to anything smaller may be too large a number."""
_READ = 0.15
_FEWEST_READ = 10


def fitted_tail(healthy: Values) -> tuple[Values, float]:
    """The quantiles of healthy values from 0 to 97 % (at most 1,000 of them), and the spread beyond.

    The spread is Hill's xi, the mean of log(value / cut) beyond the threshold; where the threshold is not
    positive, and a ratio means nothing, it is the mean of value - cut. It is at least .01, and 1 where
    nothing lies beyond.
    """
    grid = healthy_grid(healthy)
    beyond = healthy[healthy > grid[-1]]
    if len(beyond) == 0:
        return grid, _UNKNOWN_SPREAD
    return grid, max(float(_excess(beyond, grid[-1]).mean()), _NARROWEST_SPREAD)


def healthy_grid(healthy: Values) -> Values:
    """The quantiles of healthy values from 0 to 97 %, at most 1,000 of them."""
    return np.asarray(np.quantile(healthy, _shares(min(len(healthy), _FINEST_GRID))))


def tail_despite(infected: float, healthy: Values) -> tuple[Values, float]:
    """The same two where up to this share of the values may be of infected cells, 0 to .125.

    Of the values above zero the uppermost, this share and 15 % more, are taken for a power law. Hill's
    estimator reads it from the 15 %; those above are censored: they count as "at least so far", however far
    they are (Bhattacharya, Kallitsis & Stoev, Electron. J. Statist. 13 (2019) 1872). No value is left out.
    Where fewer than 10 can be read it is `fitted_tail`.
    """
    grid, spread = fitted_tail(healthy)
    positive = float((healthy > 0).mean())
    share = (infected + _READ) * positive
    start, stop = np.quantile(healthy, [1 - share, 1 - infected * positive])
    read = healthy[(healthy > start) & (healthy <= stop)]
    if start <= _SMALLEST or len(read) < _FEWEST_READ:
        return grid, spread
    censored = np.count_nonzero(healthy > stop) * np.log(stop / start)
    spread = max(float(np.log(read / start).sum() + censored) / len(read), _NARROWEST_SPREAD)
    left = 1 - _shares(len(grid))
    is_tail = left < share
    grid[is_tail] = start * (share / left[is_tail]) ** spread
    return grid, spread


def negative_log_p(values: Values, grid: Values, spread: float) -> Values:
    """-log of the share of healthy values at least as high, (n,); it never falls when the value grows."""
    return with_tail(values, grid, _excess(np.maximum(values, grid[-1]), grid[-1]) / spread)


def with_tail(values: Values, grid: Values, steps_beyond: Values) -> Values:
    """The same, where it is known how many spreads each value lies beyond the end of the grid, (n,)."""
    steps, first = np.unique(grid, return_index=True)
    inside = -np.log1p(-np.interp(values, steps, _shares(len(grid))[first]))
    return np.where(values <= grid[-1], inside, -log(TAIL_SHARE) + steps_beyond)


def _shares(points: int) -> Values:
    """The shares of healthy values below each point of the grid."""
    return np.linspace(0.0, 1.0 - TAIL_SHARE, points)


def _excess(values: Values, cut: float) -> Values:
    """How far values lie beyond the threshold: as a log ratio where that is defined, else as a difference."""
    return np.log(values / cut) if cut > _SMALLEST else values - cut
