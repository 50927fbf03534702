"""Draws whole patients with replacement."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, Estimate, Labels, Names

Weights = npt.NDArray[np.float64]
"""How often each cell counts in each resample, (resamples, n)."""

PERCENTILES = (2.5, 97.5)
_NUMBERS_A_CHUNK = 2**16
_FEWEST_PATIENTS = 2


def resampled(patients: Names, resamples: int, seed: int) -> Iterator[Weights]:
    """Chunks of weights, `resamples` rows in all; none for fewer than two patients: they have no spread."""
    names, owner = np.unique(patients, return_inverse=True)
    if len(names) < _FEWEST_PATIENTS:
        return
    even = np.full(len(names), 1.0 / len(names))
    drawn = generator(seed, "bootstrap").multinomial(len(names), even, size=resamples).astype(np.float64)
    rows = max(1, _NUMBERS_A_CHUNK // len(owner))
    for start in range(0, resamples, rows):
        yield drawn[start : start + rows, owner]


def has_both_classes(labels: Labels, weights: Weights) -> npt.NDArray[np.bool_]:
    """Which rows of weights give weight to healthy and to anomalous cells, (resamples,)."""
    anomalies = weights @ (labels == ANOMALY).astype(np.float64)
    return np.asarray((anomalies > 0) & (anomalies < weights.sum(axis=1)))


def interval(value: float, draws: npt.NDArray[np.float64]) -> Estimate:
    """The value with the 2.5 to 97.5 % percentile of the draws, widened if needed to hold the value."""
    if not draws.size:
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.percentile(draws, PERCENTILES)
    return Estimate(value, min(float(low), value), max(float(high), value))
