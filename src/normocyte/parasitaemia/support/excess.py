"""Are there more flagged cells than a healthy smear would give?"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincinv

from normocyte.core.arrays import Floats
from normocyte.core.checks import need_share_inside
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.parasitaemia.support.cut import Counts, Cut


def excess_p_value(counts: Counts) -> float:
    """How often a healthy smear of as many cells has as many flagged, in (0, 1].

    The patient of a healthy smear has a false-positive rate of its own, drawn as those of the calibration
    patients (`Tally.new_patient`); the number of flagged cells is binomial at that rate. So many flagged
    cells as no calibration patient vouches for are still possible: the p-value is never below 1 / (patients
    + 1), what a rank among them gives. DatasetError for a smear without cells or too few patients.
    """
    if counts.total == 0:
        raise DatasetError(
            f"A smear of {counts.total} cells cannot be tested; give at least 1 cell that could be assessed."
        )
    rates = counts.cut.false_rates
    chance = float(rates.weights @ at_least(counts.found, counts.total, rates.values))
    return min(max(chance, least_p_value(counts.cut)), 1.0)


def least_p_value(cut: Cut) -> float:
    """The smallest p-value that so many calibration patients can give."""
    return 1.0 / (len(cut.healthy) + 1)


def critical(cut: Cut, cells: int, level: float) -> int:
    """The fewest flagged of so many cells that are significant at this level; one more than all if none are.

    ConfigError for a level that so many calibration patients cannot support.
    """
    need_share_inside("level", level, 0.05)
    if level < least_p_value(cut):
        raise ConfigError(
            f"A level of {level!r} needs {int(np.ceil(1 / level)) - 1:,} calibration patients, but there are "
            f"{len(cut.healthy):,}; choose a higher level or calibrate on more."
        )
    rates, low, high = cut.false_rates, 0, cells + 1
    while low < high:
        middle = (low + high) // 2
        if rates.weights @ at_least(middle, cells, rates.values) <= level:
            high = middle
        else:
            low = middle + 1
    return low


def at_least(flagged: int, cells: int, rates: Floats) -> Floats:
    """The probability of at least so many flagged of so many cells, at each rate."""
    if flagged <= 0:
        return np.ones_like(rates)
    if flagged > cells:
        return np.zeros_like(rates)
    return np.asarray(betainc(float(flagged), float(cells - flagged + 1), rates))


def share_interval(found: int, cells: int, tail: float = 0.05) -> tuple[float, float]:
    """The interval of a share of which `found` of `cells` were seen, cells taken for independent.

    Clopper & Pearson, Biometrika 26 (1934) 404; each end is missed at most as often as `tail` says.
    """
    low = betaincinv(found, cells - found + 1, tail) if found else 0.0
    high = betaincinv(found + 1, cells - found, 1 - tail) if found < cells else 1.0
    return float(low), float(high)
