"""The Mahalanobis distance from healthy images, with a covariance that is shrunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.types import Floats, Scores, Table

LEAST_SPREAD = 0.01
"""A number that varies less than this among healthy images is taken to vary so much."""


@dataclass(frozen=True)
class Distance:
    """The mean (numbers,) and the spread (numbers,) of healthy images, and the inverse covariance of both."""

    centre: Floats
    spread: Floats
    precision: Table

    @classmethod
    def of(cls, healthy: Table) -> Distance:
        """The distance from these images, (n, numbers)."""
        centre = healthy.mean(axis=0)
        spread = np.maximum(healthy.std(axis=0), LEAST_SPREAD)
        inverse = np.linalg.pinv(shrunk((healthy - centre) / spread), hermitian=True)
        return cls(centre, spread, np.asarray(inverse, np.float64))

    def from_centre(self, measured: Table) -> Scores:
        """How far each image lies from the centre, (n,)."""
        scaled = (measured - self.centre) / self.spread
        return np.asarray(np.sqrt(np.maximum(((scaled @ self.precision) * scaled).sum(axis=1), 0)))


def shrunk(centred: Table) -> Table:
    """The covariance, drawn to a sphere by the oracle approximating shrinkage.

    (Chen, Wiesel, Eldar & Hero, IEEE Trans. Signal Process. 58, 2010, equation 23, as scikit-learn has it.)
    """
    count, size = centred.shape
    covariance = centred.T @ centred / count
    mean = np.trace(covariance) / size or 1.0
    squares = np.mean(covariance**2)
    over = (count + 1) * (squares - mean**2 / size)
    share = min(1.0, (squares + mean**2) / over) if over > 0 else 1.0
    return np.asarray((1 - share) * covariance + share * mean * np.eye(size))
