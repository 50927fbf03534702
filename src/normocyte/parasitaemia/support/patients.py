"""Counts by patient, and the rate that a new patient may have: how patients differ is learnt from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, expit

from normocyte.core.errors import DatasetError
from normocyte.core.types import UNKNOWN_PATIENT, Floats, Names

Whole = npt.NDArray[np.int64]

FEWEST_PATIENTS = 10
"""Fewer patients than this say too little about how much patients differ."""
_STEP = 1 / 15
_EDGES = expit(np.arange(-240, 241) * _STEP)
_MIDDLES = expit((np.arange(-240, 242) - 0.5) * _STEP)
_MEANS, _SPREADS = 60, 24
_LOG_ODDS_VARIANCE = 4.0
_REACH = 5.0
_NEGLIGIBLE = 1e-5


@dataclass(frozen=True)
class Rates:
    """The rates that a new patient may have, (m,) rising in [0, 1], and how probable each is, (m,)."""

    values: Floats
    weights: Floats

    @classmethod
    def known(cls, rate: float) -> Rates:
        """One rate that all patients have."""
        return cls(np.array([rate]), np.ones(1))

    @property
    def mean(self) -> float:
        """The rate to expect."""
        return float(self.values @ self.weights)

    def quantile(self, share: float) -> float:
        """The rate that so large a share of patients does not exceed."""
        place = int(np.searchsorted(np.cumsum(self.weights), share))
        return float(self.values[min(place, len(self.values) - 1)])

    def thinned(self, count: int) -> Rates:
        """At most so many rates of about equal weight, each the mean of those that it stands for."""
        middles = np.cumsum(self.weights) - self.weights / 2
        groups = np.minimum((middles * count).astype(np.intp), count - 1)
        weights, means = np.zeros(count), np.zeros(count)
        np.add.at(weights, groups, self.weights)
        np.add.at(means, groups, self.weights * self.values)
        kept = weights > 0
        return Rates(means[kept] / weights[kept], weights[kept])


@dataclass(frozen=True)
class Tally:
    """Cells and flagged cells of each patient, both (patients,): healthy cells, or infected ones.

    DatasetError for numbers that are no counts, more flagged cells than cells, or a patient without cells.
    """

    cells: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    flagged: Whole = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        """Refuse what cannot be counts."""
        check_counts("patient", self.cells, self.flagged)
        if np.any(np.asarray(self.cells) == 0):
            empty = int(np.count_nonzero(np.asarray(self.cells) == 0))
            raise DatasetError(f"{empty:,} of {len(self):,} patients have no cells; leave them out.")

    @classmethod
    def of(cls, flags: npt.NDArray[np.bool_], patients: Names) -> Tally:
        """Counted from which cells are flagged, (n,), and the patient of each, (n,).

        DatasetError for cells of whom nothing says whose they are, or other numbers of flags than of names.
        """
        unknown = int(np.count_nonzero(patients == UNKNOWN_PATIENT))
        if unknown or len(flags) != len(patients):
            raise DatasetError(
                f"{len(flags):,} flags are given for {len(patients):,} cells, {unknown:,} of them of unknown "
                "patients; give one flag a cell, and only cells of known patients."
            )
        names, codes = np.unique(patients, return_inverse=True)
        return cls(np.bincount(codes), np.bincount(codes[np.asarray(flags, np.bool_)], minlength=len(names)))

    def __len__(self) -> int:
        """How many patients there are."""
        return len(self.cells)

    @property
    def rate(self) -> float:
        """The share of all their cells that is flagged; NaN without patients."""
        return float(np.sum(self.flagged) / np.sum(self.cells)) if len(self) else float("nan")

    def check_enough(self) -> None:
        """DatasetError for fewer than 10 patients: they do not say how patients differ."""
        if len(self) < FEWEST_PATIENTS:
            raise DatasetError(
                f"Counts of {len(self):,} patients do not show how patients differ; give at least "
                f"{FEWEST_PATIENTS} patients."
            )

    @cached_property
    def new_patient(self) -> Rates:
        """The flag rate of a patient like these: DatasetError for fewer than 10 of them.

        Each patient has a rate of its own, drawn from a Beta distribution (the beta-binomial model). Its mean
        m and its precision s are not known either, and the Beta distributions are averaged over the posterior
        of both, on a grid: Jeffreys' prior on m; and with v = s m (1 - m), whose inverse is about the
        variance of patients' log odds, a uniform prior on v / (v + 1 / 4), so that half of it lies where
        their standard deviation is 2 or more: calibration patients must show that they are alike.
        """
        self.check_enough()
        means, precisions = self._grid()
        chance = _posterior(self, means, precisions)
        kept = chance > _NEGLIGIBLE * chance.sum()
        a, b = (means * precisions)[kept], ((1 - means) * precisions)[kept]
        below = (chance[kept] / chance[kept].sum()) @ betainc(a[:, None], b[:, None], _EDGES)
        weights = np.diff(below, prepend=0.0, append=1.0)
        return Rates(_MIDDLES, np.maximum(weights, 0.0) / np.maximum(weights, 0.0).sum())

    def _grid(self) -> tuple[Floats, Floats]:
        """Means and precisions of Beta distributions, (grid,), evenly spaced where the priors are flat."""
        middle = np.arcsin(np.sqrt((np.sum(self.flagged) + 0.5) / (np.sum(self.cells) + 1.0)))
        reach = _REACH / (2.0 * np.sqrt(len(self)))
        low, high = max(middle - reach, 0.0), min(middle + reach, np.pi / 2)
        steps = (np.arange(_MEANS) + 0.5) / _MEANS
        means = np.sin(low + (high - low) * steps) ** 2
        alike = (np.arange(_SPREADS) + 0.5) / _SPREADS
        grid = np.meshgrid(means, alike / (1 - alike) / _LOG_ODDS_VARIANCE)
        return grid[0].ravel(), (grid[1] / (grid[0] * (1 - grid[0]))).ravel()


def _posterior(tally: Tally, means: Floats, precisions: Floats) -> Floats:
    """How probable each Beta distribution is, up to a factor, (grid,)."""
    alike, counts = np.unique(np.stack([tally.cells, tally.flagged]), axis=1, return_counts=True)
    a, b = means * precisions, (1 - means) * precisions
    logs = np.zeros(len(a))
    for cells, flagged, times in zip(*alike, counts, strict=True):
        logs += times * (betaln(a + flagged, b + cells - flagged) - betaln(a, b))
    return np.asarray(np.exp(logs - logs.max()))


def check_counts(whose: str, cells: Whole, flagged: Whole) -> None:
    """DatasetError for numbers that cannot be cells and flagged cells."""
    given = (np.asarray(cells, np.float64), np.asarray(flagged, np.float64))
    if given[0].ndim != 1 or given[0].shape != given[1].shape:
        raise DatasetError(
            f"Cells and flagged cells have the shapes {given[0].shape} and {given[1].shape}; give one number "
            f"a {whose}."
        )
    for name, numbers in zip(("cells", "flagged cells"), given, strict=True):
        bad = numbers[~np.isfinite(numbers) | (numbers < 0) | (numbers != np.floor(numbers))]
        if bad.size:
            raise DatasetError(
                f"{float(bad[0])!r} {name} of a {whose} are not possible; give whole numbers from 0."
            )
    more = np.flatnonzero(given[1] > given[0])
    if more.size:
        raise DatasetError(
            f"A {whose} has {given[1][more[0]]:,.0f} flagged cells of {given[0][more[0]]:,.0f}; give at most "
            "as many flagged cells as cells."
        )
