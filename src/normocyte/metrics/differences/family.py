"""Several comparisons at once, so that the chance of even one wrong claim stays small.

Differences of one detector from several others get intervals that hold together, and several measures of
the same images are tested together for a difference between healthy and anomalous ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

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
    corrected for all measures that were tested together.
    """

    auroc: float
    p_value: float


def contrasts(
    measures: Table, labels: Labels, patients: Names, resamples: int = 2000, seed: int = 0
) -> list[Contrast]:
    """Which of several measures (n, measures) differ between healthy and anomalous images, both at hand.

    The AUROC less 0.5 is a sum over images of label times rank. Where labels mean nothing, the share of
    anomalous images is dealt to patients at random, and so are the labels among the images of each patient
    (the latter by its normal limit). The p-value is the share of such draws in which any measure is as far
    from 0.5, in standard deviations, as this one is: the chance of even one false claim is the level at which
    p-values are read (Westfall & Young, Resampling-Based Multiple Testing, 1993, single step). Of few
    patients no p-value can be small. Where each image is of its own patient this is the permutation test.
    """
    from scipy.stats import rankdata  # takes half a second to import, and few calls come here

    is_anomalous = labels == ANOMALY
    pairs = np.count_nonzero(is_anomalous) * np.count_nonzero(~is_anomalous)
    centred = (rankdata(measures, axis=0) - (len(labels) + 1) / 2) / pairs
    own = is_anomalous @ centred
    drawn = _drawn(
        centred, is_anomalous.astype(np.float64), patients, resamples, generator(seed, "contrasts")
    )
    spread = drawn.std(axis=0)
    scaled = np.divide(drawn, spread, out=np.zeros_like(drawn), where=spread > _ROUNDING)
    far = np.abs(np.divide(own, spread, out=np.zeros_like(own), where=spread > _ROUNDING))
    beyond = (np.abs(scaled).max(axis=1)[:, None] >= far - _ROUNDING).sum(axis=0)
    p_values = (1 + beyond) / (1 + resamples)
    return [Contrast(0.5 + float(area), float(p)) for area, p in zip(own, p_values, strict=True)]


def _drawn(
    centred: Table, is_anomalous: Floats, patients: Names, resamples: int, rng: np.random.Generator
) -> Table:
    """The sums under labels that mean nothing, (resamples, measures)."""
    _, owner, counts = np.unique(patients, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(owner, weights=column) for column in centred.T], axis=1)
    shares = np.bincount(owner, weights=is_anomalous) / counts
    between = np.concatenate([dealt @ sums for dealt in _dealt(shares, resamples, rng)])
    mixed = (shares * (1 - shares) * counts / np.maximum(counts - 1, 1))[owner][:, None]
    apart = centred - (sums / counts[:, None])[owner]
    within = (mixed * apart).T @ apart
    return np.asarray(
        between + rng.multivariate_normal(np.zeros(len(within)), within, resamples, method="eigh")
    )


def _dealt(shares: Floats, resamples: int, rng: np.random.Generator) -> Iterator[Table]:
    """Rows of the shares in random order, `resamples` in all, in chunks."""
    rows = max(1, _NUMBERS_A_CHUNK // len(shares))
    for start in range(0, resamples, rows):
        yield rng.permuted(np.tile(shares, (min(rows, resamples - start), 1)), axis=1)
