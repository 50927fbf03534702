"""Compares healthy calibration cells with healthy test cells: does the threshold hold for these?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from normocyte.core.seeds import generator
from normocyte.core.types import UNKNOWN_PATIENT, Flags, Floats, Names, Scores
from normocyte.results.agreement import Agreement, Between
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration

RESAMPLES = 999
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
        return _singly(counted, both, rule.cut)
    has_groups = min(counted.calibration_groups, counted.test_groups) >= _FEWEST_GROUPS
    return _by_group(counted, both) if has_groups else counted


def _ranked(rule: Threshold, calibration: Healthy) -> Agreement:
    """Which of the calibration scores the threshold is, and what new cells then do."""
    cells, groups = len(calibration.scores), calibration.by_group
    known = Agreement(calibration=cells, calibration_groups=len(np.unique(groups)))
    if rule.uses_labels or not cells:
        return known
    promised = rule.guarantee(Calibration.of(calibration.scores, calibration.groups)).rate
    place = _place_of(rule.cut, calibration.scores, promised)
    if not place.rank:
        return replace(known, promised=promised)
    from scipy.stats import beta  # a report waits for SciPy, one verdict does not

    low = float(beta.ppf(_TAIL, place.least, cells - place.least + 1)) if place.least else 0.0
    high = float(beta.ppf(1 - _TAIL, place.most, cells - place.most + 1))
    deciding = len(np.unique(groups[place.is_so_high]))
    new = Between(low, high)
    return replace(known, promised=promised, rank=place.rank, deciding=deciding, new_cells=new)


@dataclass(frozen=True)
class _Place:
    """Where a threshold stands among calibration scores.

    `rank` is its place from the highest score on; 0 where it is none of them. What lies above it is more than
    for a threshold of rank `least` and no more than for one of rank `most`. Both are the rank, but for equal
    scores, of which none lies above the threshold. `is_so_high`: which scores are no lower than it, (n,).
    """

    rank: int
    least: int
    most: int
    is_so_high: Flags


def _place_of(cut: float, scores: Scores, promised: float) -> _Place:
    """The place of a threshold whose rule promises so much of new cells, or NaN, for which it ranks first."""
    off = 0.0 if (scores == cut).any() else abs(cut) * _EQUAL  # scored again, they may differ a little
    is_so_high = scores >= cut - off
    above = int((scores > cut + off).sum())
    equal = int(is_so_high.sum()) - above
    aim = int((len(scores) + 1) * promised + _ROUNDING) if np.isfinite(promised) else 0
    rank = min(max(aim, above + 1), above + equal) if equal else 0
    return _Place(rank, above if equal > 1 else rank, above + 1, is_so_high)


@dataclass(frozen=True)
class _InOrder:
    """The group of each cell, by rising score, (cells,), and the last cell of each score, (scores,)."""

    groups: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]


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
    def in_order(self) -> _InOrder:
        """The cells of both sides from the lowest score on; calibration groups come first."""
        scores = np.concatenate([self.calibration.scores, self.test.scores])
        own, codes = (np.unique(side.by_group, return_inverse=True) for side in (self.calibration, self.test))
        groups = np.concatenate([own[1], len(own[0]) + codes[1]])
        order = np.argsort(scores, kind="stable")
        is_last = np.append(np.diff(scores[order]) > 0, True)
        return _InOrder(groups[order], np.flatnonzero(is_last))

    def shares(self, groups: Rows) -> Floats:
        """The distribution function of the cells of some groups (draws, n), (draws, scores)."""
        is_in = np.zeros((len(groups), self.groups), np.int32)
        np.put_along_axis(is_in, groups.astype(np.intp), 1, axis=1)
        counts = np.cumsum(is_in[:, self.in_order.groups], axis=1)[:, self.in_order.last]
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


def _singly(known: Agreement, both: _Both, cut: float) -> Agreement:
    """Where cells are independent: exact distributions."""
    from scipy.stats import betabinom, ks_2samp

    found = ks_2samp(both.calibration.scores, both.test.scores)
    said = replace(known, distance=float(found.statistic), distance_p_value=float(found.pvalue))
    if not both.rank:
        return said
    place = _place_of(cut, both.calibration.scores, known.promised)
    least, most = place.least, place.most
    many = betabinom(known.test, most, known.calibration - most + 1)
    few = betabinom(known.test, least, known.calibration - least + 1) if least else None
    low = few.ppf(_TAIL) / known.test if few else 0.0
    high = many.ppf(1 - _TAIL) / known.test
    tail = min(few.cdf(known.flagged) if few else 1.0, many.sf(known.flagged - 1))
    return replace(said, by_chance=Between(float(low), float(high)), rate_p_value=min(1.0, 2 * float(tail)))


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
