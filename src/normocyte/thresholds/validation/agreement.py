"""Compares healthy calibration cells with healthy test cells: does the threshold hold for these?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from normocyte.core.seeds import generator
from normocyte.core.types import UNKNOWN_PATIENT, Floats, Names, Scores
from normocyte.results.agreement import Agreement, Between
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration

RESAMPLES = 999
_MOST_SCORES = 2000
_BATCH = 50
_TAIL = 0.025
_FEWEST_GROUPS = 2
_EQUAL = 1e-6
_ROUNDING = 1e-9

Rows = npt.NDArray[np.float64]
_Statistic = Callable[..., Floats]


@dataclass(frozen=True)
class Healthy:
    """Scores (n,) of healthy cells, and of which patient or group of near-duplicates each is, (n,)."""

    scores: Scores
    groups: Names

    @property
    def is_known(self) -> bool:
        """Whether it is known of each cell whose it is."""
        return not bool((self.groups == UNKNOWN_PATIENT).any())

    @property
    def by_group(self) -> Names:
        """The group of each cell; one of its own where nobody knows it."""
        own = np.arange(len(self.groups)).astype(np.str_)
        names = self.groups.astype(np.str_)
        return np.where(names == UNKNOWN_PATIENT, np.char.add("cell ", own), np.char.add("group ", names))

    def singly(self) -> Healthy:
        """The same cells, each for itself."""
        return Healthy(self.scores, np.full(len(self.scores), UNKNOWN_PATIENT))


def agreement(rule: Threshold, calibration: Healthy, test: Healthy, seed: int = 0) -> Agreement:
    """Where the threshold of a fitted rule stands among the calibration scores, and whether test cells agree.

    Whole groups are exchanged between calibration and test (`scipy.stats.permutation_test`). Where each cell
    is a group of its own, that becomes the test of Kolmogorov and Smirnov (`ks_2samp`) and the beta-binomial
    distribution of the share above an order statistic (`betabinom`). Where whose the cells are is known of
    one side alone, each counts as a group. Without test cells, or with one group on a side, only the rank is
    looked at.
    """
    ranked = _ranked(rule, calibration)
    if not len(test.scores) or not len(calibration.scores):
        return ranked
    if not (calibration.is_known and test.is_known):
        calibration, test = calibration.singly(), test.singly()
    both = _Both(calibration, test, ranked.rank, seed)
    counted = replace(
        ranked,
        test=len(test.scores),
        calibration_groups=both.calibration_groups,
        test_groups=both.groups - both.calibration_groups,
        is_higher=bool(np.median(test.scores) > np.median(calibration.scores)),
        flagged=int(rule.decide(test.scores).sum()),
    )
    if both.is_single:
        return _singly(counted, both)
    has_groups = min(counted.calibration_groups, counted.test_groups) >= _FEWEST_GROUPS
    return _by_group(counted, both) if has_groups else counted


def _ranked(rule: Threshold, calibration: Healthy) -> Agreement:
    """Which of the calibration scores the threshold is, and what new cells then do."""
    cells, groups = len(calibration.scores), calibration.by_group
    known = Agreement(calibration=cells, calibration_groups=len(np.unique(groups)))
    if rule.uses_labels or not cells:
        return known
    promised = rule.guarantee(Calibration.of(calibration.scores, calibration.groups)).rate
    is_so_high = calibration.scores >= rule.cut - abs(rule.cut) * _EQUAL
    rank = int(is_so_high.sum())
    if not np.isclose(calibration.scores, rule.cut, rtol=_EQUAL, atol=0).any():
        return replace(known, promised=promised)
    from scipy.stats import beta  # a report waits for SciPy, one verdict does not

    low, high = (float(beta.ppf(tail, rank, cells - rank + 1)) for tail in (_TAIL, 1 - _TAIL))
    deciding = len(np.unique(groups[is_so_high]))
    new = Between(low, high)
    return replace(known, promised=promised, rank=rank, deciding=deciding, new_cells=new)


@dataclass(frozen=True)
class _Both:
    """The cells of both sides; `rank` is that of the threshold among the calibration scores, or 0."""

    calibration: Healthy
    test: Healthy
    rank: int
    seed: int

    @cached_property
    def calibration_groups(self) -> int:
        return len(np.unique(self.calibration.by_group))

    @cached_property
    def groups(self) -> int:
        return self.calibration_groups + len(np.unique(self.test.by_group))

    @property
    def is_single(self) -> bool:
        """Whether each cell is a group of its own."""
        return self.groups == len(self.calibration.scores) + len(self.test.scores)

    @cached_property
    def at_most(self) -> Rows:
        """How many cells of each group score at most so high, (groups, scores), calibration groups first."""
        scores = np.concatenate([self.calibration.scores, self.test.scores])
        steps = np.unique(scores)
        if len(steps) > _MOST_SCORES:
            steps = np.unique(np.quantile(steps, np.linspace(0, 1, _MOST_SCORES), method="nearest"))
        own, codes = (np.unique(side.by_group, return_inverse=True) for side in (self.calibration, self.test))
        groups = np.concatenate([own[1], len(own[0]) + codes[1]])
        counts = np.zeros((self.groups, len(steps)))
        np.add.at(counts, (groups, np.searchsorted(steps, scores).clip(max=len(steps) - 1)), 1.0)
        return np.cumsum(counts, axis=1)

    def shares(self, groups: Rows) -> Floats:
        """The distribution function of the cells of some groups (draws, n), (draws, scores)."""
        is_in = np.zeros((len(groups), self.groups))
        np.put_along_axis(is_in, groups.astype(np.intp), 1.0, axis=1)
        counts = is_in @ self.at_most
        return np.asarray(counts / counts[:, -1:])

    def distances(self, one: Rows, other: Rows, axis: int = -1) -> Floats:
        """The statistic of Kolmogorov and Smirnov of each draw, (draws,)."""
        both = (self.shares(np.atleast_2d(np.moveaxis(groups, axis, -1))) for groups in (one, other))
        return _shaped(np.max(np.abs(next(both) - next(both)), axis=1), one)

    def rates(self, one: Rows, other: Rows, axis: int = -1) -> Floats:
        """The share of the second groups' cells above the threshold of this rank of the first, (draws,)."""
        left = 1 - (self.rank - 1) / len(self.calibration.scores) - _ROUNDING
        first, second = (self.shares(np.atleast_2d(np.moveaxis(groups, axis, -1))) for groups in (one, other))
        thresholds = np.argmax(first >= left, axis=1)
        return _shaped(1 - second[np.arange(len(second)), thresholds], one)


def _shaped(values: Floats, groups: Rows) -> Floats:
    """One number where one draw was given."""
    return values if groups.ndim > 1 else values[0]


def _singly(known: Agreement, both: _Both) -> Agreement:
    """Where cells are independent: exact distributions."""
    from scipy.stats import betabinom, ks_2samp

    found = ks_2samp(both.calibration.scores, both.test.scores)
    said = replace(known, distance=float(found.statistic), distance_p_value=float(found.pvalue))
    if not both.rank:
        return said
    by_chance = betabinom(known.test, both.rank, known.calibration - both.rank + 1)
    low, high = by_chance.ppf((_TAIL, 1 - _TAIL)) / known.test
    tail = float(min(by_chance.cdf(known.flagged), by_chance.sf(known.flagged - 1)))
    return replace(said, by_chance=Between(float(low), float(high)), rate_p_value=min(1.0, 2 * tail))


def _by_group(known: Agreement, both: _Both) -> Agreement:
    """Where cells of a group resemble each other: whole groups change sides."""
    from scipy.stats import permutation_test

    sides = (np.arange(both.calibration_groups), np.arange(both.calibration_groups, both.groups))

    def exchanged(statistic: _Statistic, alternative: Literal["greater", "two-sided"]) -> Any:
        return permutation_test(
            sides,
            statistic,
            n_resamples=RESAMPLES,
            batch=_BATCH,
            vectorized=True,
            alternative=alternative,
            rng=generator(both.seed, "groups exchanged", alternative),
        )

    far = exchanged(both.distances, "greater")
    said = replace(known, distance=float(far.statistic), distance_p_value=float(far.pvalue))
    if not both.rank:
        return said
    rate = exchanged(both.rates, "two-sided")
    low, high = np.quantile(rate.null_distribution, (_TAIL, 1 - _TAIL))
    return replace(said, by_chance=Between(float(low), float(high)), rate_p_value=float(rate.pvalue))
