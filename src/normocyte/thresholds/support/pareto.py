"""The generalised Pareto law of what lies above a high quantile, fitted to weighted excesses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.seeds import generator
from normocyte.core.types import Floats

_DRAWS = 999
_LARGEST_DRAW = 500
_SMALLEST_SHAPE = 1e-9


@dataclass(frozen=True)
class Pareto:
    """P(excess > y) = (1 + shape y / scale)^(-1 / shape), exponential for shape 0, bounded for shape < 0.

    Shape and scale are numbers or arrays of one shape, one law each.
    """

    shape: Floats
    scale: Floats

    def above(self, excesses: Floats) -> Floats:
        """The share of the law above these excesses."""
        shape = np.where(np.abs(self.shape) < _SMALLEST_SHAPE, _SMALLEST_SHAPE, self.shape)
        ratio = np.maximum(shape * excesses / self.scale, -1.0)
        with np.errstate(divide="ignore"):  # at the end of a bounded law the logarithm is - infinity
            return np.asarray(np.exp(-np.log1p(ratio) / shape))

    def at(self, share: Floats | float) -> Floats:
        """The excess that this share of the law is above."""
        shape = np.where(np.abs(self.shape) < _SMALLEST_SHAPE, _SMALLEST_SHAPE, self.shape)
        return np.asarray(self.scale * np.expm1(-shape * np.log(share)) / shape)

    def without_end(self, means: Floats) -> Pareto:
        """The same law, or the exponential one with this mean where the law is bounded."""
        is_bounded = self.shape < 0
        return Pareto(np.where(is_bounded, 0.0, self.shape), np.where(is_bounded, means, self.scale))


def fitted(excesses: Floats, weights: Floats) -> Pareto:
    """The law with the probability-weighted moments of rising excesses (..., n) counted `weights` times.

    Hosking & Wallis, Technometrics 29 (1987) 339, section 3, with unbiased moments; their shape has the
    other sign. Every row must count two excesses at least, not all 0.
    """
    total = weights.sum(axis=-1, keepdims=True)
    middle = np.cumsum(weights, axis=-1) - (weights - 1) / 2  # of the ranks that an excess stands at
    first = (weights * excesses).sum(axis=-1) / total[..., 0]
    above = (total - middle) / (total - 1)
    second = (weights * excesses * above).sum(axis=-1) / total[..., 0]
    rest = first - 2 * second
    return Pareto(2 - first / rest, 2 * first * second / rest)


def misfit(excesses: Floats, law: Pareto) -> Floats:
    """The Cramér-von Mises distance of rising excesses (..., n) from a law, (...)."""
    count = excesses.shape[-1]
    expected = (np.arange(count) + 0.5) / count
    gaps = 1 - law.above(excesses) - expected
    return np.asarray(1 / (12 * count) + (gaps**2).sum(axis=-1))


def fit_p_value(excesses: Floats, law: Pareto) -> float:
    """How often samples of the law itself lie as far from the law fitted to them as these excesses do.

    A parametric bootstrap with the law fitted to each sample anew; samples have at most 500 excesses, beyond
    which the distance is distributed alike. Never below 0.001.
    """
    count = min(len(excesses), _LARGEST_DRAW)
    shares = generator(0, "extreme_value", "fit").random((_DRAWS, count))
    drawn = np.sort(Pareto(law.shape, np.ones(())).at(1 - shares), axis=1)
    own = fitted(drawn, np.ones_like(drawn))
    distances = misfit(drawn, Pareto(own.shape[:, np.newaxis], own.scale[:, np.newaxis]))
    return float((1 + np.count_nonzero(distances >= misfit(excesses, law))) / (_DRAWS + 1))
