"""What is known of the threshold, what was counted with it, and what an excess of flags means."""

from dataclasses import dataclass, field
from functools import cached_property
from math import isnan

import numpy as np
from scipy.special import betainc, betaincinv

from normocyte.core.checks import need_share_inside
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.messages import deferred
from normocyte.core.percent import percent
from normocyte.core.types import Floats
from normocyte.parasitaemia.support.patients import Rates, Tally, Whole, check_counts


@dataclass(frozen=True)
class Cut:
    """How often the threshold flags healthy cells, and infected ones.

    `healthy`: the healthy calibration cells of each patient. `infected`: labelled infected cells of each
    patient, where there are any. Without them, `sensitivity` in (0, 1] may be assumed; NaN leaves it open,
    and then an estimate counts the cells that are flagged beyond the false ones, which are fewer than the
    infected ones as long as some of these are missed.
    """

    healthy: Tally
    infected: Tally = field(default_factory=Tally)
    sensitivity: float = float("nan")

    def __post_init__(self) -> None:
        """Refuse a sensitivity that is none, that is said twice, or that tells nothing apart."""
        if not (isnan(self.sensitivity) or 0 < self.sensitivity <= 1):
            raise ConfigError(
                f"A sensitivity of {self.sensitivity!r} is not possible; choose a share from above 0 to 1."
            )
        if len(self.infected) and not isnan(self.sensitivity):
            raise ConfigError(
                f"The sensitivity is given twice, as {self.sensitivity!r} and by infected cells of "
                f"{len(self.infected):,} patients; leave one of them out."
            )
        if self.true_rate <= self.healthy.rate:
            raise DatasetError(
                f"The threshold flags {percent(self.healthy.rate, 3)} of healthy and "
                f"{percent(self.true_rate, 3)} "
                "of infected cells; choose one that flags more infected cells."
            )

    @property
    def is_sensitivity_known(self) -> bool:
        """False when an estimate is of the cells flagged beyond the false ones only."""
        return len(self.infected) > 0 or not isnan(self.sensitivity)

    @property
    def true_rate(self) -> float:
        """The share of infected cells that is flagged, 1 where nothing is known."""
        assumed = self.sensitivity if self.is_sensitivity_known else 1.0
        return self.infected.rate if len(self.infected) else assumed

    @cached_property
    def false_rates(self) -> Rates:
        """The false-positive rates that a new patient may have; DatasetError for too few patients."""
        return self.healthy.new_patient

    @cached_property
    def true_rates(self) -> Rates:
        """The sensitivities that a new patient may have; DatasetError for too few patients."""
        return self.infected.new_patient if len(self.infected) else Rates.known(self.true_rate)

    @property
    def meaning(self) -> str:
        """What an estimate with this threshold is of: a sentence."""
        if not self.is_sensitivity_known:
            return deferred(
                "The estimate is the share of cells flagged beyond the false ones: the parasitaemia is "
                "higher where the threshold misses infected cells, and how many it misses is not known."
            )
        known = (
            deferred("as in {patients} patients with labelled cells", patients=len(self.infected))
            if len(self.infected)
            else deferred("assumed")
        )
        return deferred(
            "The estimate is the share of infected cells, with a sensitivity of {share} ({known}).",
            share=percent(self.true_rate, 3),
            known=known,
        )


@dataclass(frozen=True)
class Counts:
    """One smear: cells assessed and cells flagged in each of its photos, both (photos,), and the threshold.

    DatasetError for numbers that are no counts, or more flagged cells than cells.
    """

    cells: Whole
    flagged: Whole
    cut: Cut

    def __post_init__(self) -> None:
        """Refuse what cannot be counts."""
        check_counts("photo", self.cells, self.flagged)

    @property
    def total(self) -> int:
        """The cells of all photos."""
        return int(np.sum(self.cells))

    @property
    def found(self) -> int:
        """The flagged cells of all photos."""
        return int(np.sum(self.flagged))


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
