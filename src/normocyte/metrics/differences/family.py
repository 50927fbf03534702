"""Several comparisons at once, so that the chance of even one wrong claim stays small.

Differences of one detector from several others get intervals that hold together, and several measures of
the same images are tested together for a difference between healthy and anomalous ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, Estimate, Floats, Labels, Names, Table
from normocyte.metrics.differences.paired import Drawn

LEVEL = 95
_NAN = float("nan")
_NUMBERS_A_CHUNK = 2**21
_ROUNDING = 1e-9


def simultaneous(one: Drawn, others: Sequence[Drawn]) -> list[Estimate]:
    """How much higher one figure is than each other, with 95 % intervals that hold all together.

    The same draws of patients count for all. Each interval reaches as many standard deviations of its draws
    to both sides, so many that 95 of 100 draws lie within all intervals (the largest standardised deviation,
    as in single-step multiple comparisons). The interval of whichever is chosen afterwards holds, too. NaN
    where a figure or its draws are not known.
    """
    values = np.array([one.value - other.value for other in others])
    draws = np.stack([one.values - other.values for other in others], axis=1) if others else np.empty((0, 0))
    draws = draws[np.isfinite(draws).all(axis=1)]
    if not draws.size:
        return [Estimate(float(value), _NAN, _NAN) for value in values]
    spread = draws.std(axis=0)
    apart = np.abs(draws - values)
    scaled = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > _ROUNDING)
    reach = float(np.percentile(scaled.max(axis=1), LEVEL)) * spread
    pairs = zip(values.tolist(), reach.tolist(), strict=True)
    return [Estimate(value, value - width, value + width) for value, width in pairs]


@dataclass(frozen=True, slots=True)
class Contrast:
    """How often an anomalous image has more of a measure than a healthy one, and the p-value of no contrast.

    `auroc` is 0.5 where both kinds are alike, below it where anomalous images have less. The p-value is
    corrected for all measures that were tested together. Both are NaN where a class is missing.
    """

    auroc: float
    p_value: float


def contrasts(
    measures: Sequence[Floats], labels: Labels, patients: Names, resamples: int = 2000, seed: int = 0
) -> list[Contrast]:
    """Which measures (n,) each differ between healthy and anomalous images, NaN for an image without one.

    Each patient has a part in the sum of ranks that makes the AUROC. Where labels mean nothing, each part is
    as likely to have the other sign, so signs are drawn at random, one for a patient, the same for all
    measures. The p-value is the share of draws in which any measure is as far from 0, in standard deviations,
    as this one is: the chance of one false claim among all is the level at which p-values are read (the
    single-step procedure of Westfall & Young, Resampling-Based Multiple Testing, 1993). With few patients no
    p-value can be small.
    """
    found = [_parts(measure, labels, patients) for measure in measures]
    aurocs = [0.5 + float(parts.sum()) for parts in found]
    known = [index for index, auroc in enumerate(aurocs) if np.isfinite(auroc)]
    p_values = np.full(len(found), _NAN)
    if known:
        table = np.stack([found[index] for index in known], axis=1)
        p_values[known] = _corrected(table, resamples, seed)
    return [Contrast(auroc, float(p_value)) for auroc, p_value in zip(aurocs, p_values, strict=True)]


def _parts(measure: Floats, labels: Labels, patients: Names) -> Floats:
    """What each patient adds to the AUROC less 0.5, by name, (patients,); NaN where a class is missing."""
    names, owner = np.unique(patients, return_inverse=True)
    is_known = np.isfinite(measure)
    is_anomalous = labels[is_known] == ANOMALY
    pairs = np.count_nonzero(is_anomalous) * np.count_nonzero(~is_anomalous)
    if not pairs:
        return np.full(len(names), np.nan)
    ranks = rankdata(measure[is_known])
    parts = (is_anomalous - is_anomalous.mean()) * (ranks - ranks.mean()) / pairs
    sums = np.bincount(owner[is_known], weights=parts, minlength=len(names))
    return np.asarray(sums, np.float64)


def _corrected(parts: Table, resamples: int, seed: int) -> Floats:
    """The p-value of each measure, corrected for all; `parts` are (patients, measures)."""
    spread = np.sqrt((parts**2).sum(axis=0))
    scaled = np.divide(parts, spread, out=np.zeros_like(parts), where=spread > _ROUNDING)
    chunks = _signs(len(parts), resamples, seed)
    furthest = np.concatenate([np.abs(signs @ scaled).max(axis=1) for signs in chunks])
    own = np.abs(scaled.sum(axis=0))
    beyond = (furthest[:, None] >= own - _ROUNDING).sum(axis=0)
    return np.asarray((1 + beyond) / (1 + resamples))


def _signs(count: int, resamples: int, seed: int) -> Iterator[Table]:
    """Rows of random signs, `resamples` in all, in chunks."""
    rng = generator(seed, "signs of patients")
    rows = max(1, _NUMBERS_A_CHUNK // count)
    for start in range(0, resamples, rows):
        size = (min(rows, resamples - start), count)
        yield rng.integers(0, 2, size, np.int8) * 2.0 - 1.0
