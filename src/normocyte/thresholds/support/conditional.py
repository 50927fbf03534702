"""Bounds on the false-positive rate for every threshold at once, with confidence over the calibration.

With confidence 1 - delta over n independent calibration cells, at most b_j of all healthy cells score at
least as high as a score that j - 1 calibration cells reach, for all j at once: Bates, Candès, Lei, Romano &
Sesia, Annals of Statistics 51 (2023) 149, section 3. Every bound gives b_j for ranks j = 1..n / 2, (ranks,).
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil, log, sqrt

import numpy as np

from normocyte.core.seeds import generator
from normocyte.core.types import Floats

_DRAWS = 1999
_EVERY_RANK = 100
_RANKS = 300


def simes(ranks: Floats, cells: int, delta: float) -> Floats:
    """The generalised Simes inequality (Sarkar, Annals of Statistics 36 (2008) 394) with k = n / 2."""
    from scipy.special import gammaln  # only to fit: one verdict does not wait for SciPy

    half = max(cells // 2, 1)
    rest = cells + 1 - ranks
    ratio = gammaln(rest + 1) - gammaln(rest - half + 1) - gammaln(cells + 1) + gammaln(cells - half + 1)
    return np.asarray(-np.expm1((log(delta) + ratio) / half))


def dkw(ranks: Floats, cells: int, delta: float) -> Floats:
    """The inequality of Dvoretzky, Kiefer & Wolfowitz, one-sided (Massart, Ann. Probab. 18 (1990) 1269)."""
    return np.asarray((ranks - 1) / cells + sqrt(-log(delta) / (2 * cells)))


def monte_carlo(ranks: Floats, cells: int, delta: float) -> Floats:
    """The shape of the asymptotic bound, j / n + c sqrt(j (n - j) / n) / n, with c from draws.

    Of the largest deviations of sorted uniform numbers in seeded draws, c is the one at rank
    (1 - delta) (draws + 1); beyond the first ranks it is checked, and the bound rises, at some ranks only.
    """
    checked = _some_ranks(max(cells // 2, 1))
    mean, width = checked / cells, np.sqrt(np.maximum(checked * (cells - checked) / cells, 0.25)) / cells
    deviations = np.sort(((_sorted_uniform(checked, cells) - mean) / width).max(axis=1))
    bound = mean + deviations[ceil((1 - delta) * (_DRAWS + 1)) - 1] * width
    return np.asarray(bound[np.searchsorted(checked, ranks)])


def _some_ranks(most: int) -> Floats:
    """The first ranks up to `most`, then ever fewer, and `most`."""
    first = np.arange(1.0, min(most, _EVERY_RANK) + 1)
    return np.unique(np.append(first, np.round(np.geomspace(len(first), most, _RANKS))))


def _sorted_uniform(ranks: Floats, cells: int) -> Floats:
    """The uniform numbers at these ranks among `cells` sorted ones, many times, (draws, ranks)."""
    rng = generator(0, "calibration_conditional", cells)
    steps = np.diff(np.append(0.0, ranks))
    sums = np.cumsum(rng.standard_gamma(steps, (_DRAWS, len(steps))), axis=1)
    rest = rng.standard_gamma(cells + 1 - ranks[-1], (_DRAWS, 1))
    return np.asarray(sums / (sums[:, -1:] + rest))


BOUNDS: dict[str, Callable[[Floats, int, float], Floats]] = {
    "simes": simes,
    "dkw": dkw,
    "monte_carlo": monte_carlo,
}


@lru_cache(maxsize=16)
def adjusted(bound: str, cells: int, delta: float) -> Floats:
    """All of b for so many cells, 1 beyond the middle; not to be written to."""
    half = max(cells // 2, 1)
    b = np.ones(cells + 1)
    b[:half] = np.maximum.accumulate(
        np.clip(BOUNDS[bound](np.arange(1.0, half + 1), cells, delta), np.finfo(float).tiny, 1.0)
    )
    b.flags.writeable = False
    return b


def cells_needed(bound: str, rate: float, delta: float) -> int:
    """About the fewest calibration cells with which this bound goes down to the rate, never too few."""
    enough = 1
    while not _reaches(bound, enough, rate, delta):
        enough *= 2
    low = enough // 2
    while enough - low > max(1, enough // 200):
        middle = (low + enough) // 2
        low, enough = (low, middle) if _reaches(bound, middle, rate, delta) else (middle, enough)
    return enough


def _reaches(bound: str, cells: int, rate: float, delta: float) -> bool:
    return bool(BOUNDS[bound](np.ones(1), cells, delta)[0] <= rate)
