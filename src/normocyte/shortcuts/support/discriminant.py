"""Fisher's discriminant with a shrunk covariance: the direction that tells two kinds of images apart best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.types import ANOMALY, HEALTHY, Floats, Labels, Scores, Table
from normocyte.shortcuts.support.distance import LEAST_SPREAD, shrunk


@dataclass(frozen=True)
class Discriminant:
    """The middle between the means of both kinds (numbers,), and the direction from healthy to anomalous."""

    middle: Floats
    direction: Floats

    @classmethod
    def of(cls, measured: Table, labels: Labels) -> Discriminant:
        """Fitted on images of both kinds, (n, numbers) and (n,); 0 for all where one kind is missing."""
        kinds = [measured[labels == label] for label in (HEALTHY, ANOMALY)]
        if not all(len(kind) for kind in kinds):
            return cls(np.zeros(measured.shape[1]), np.zeros(measured.shape[1]))
        means = [kind.mean(axis=0) for kind in kinds]
        spread = np.maximum(measured.std(axis=0), LEAST_SPREAD)
        within = np.concatenate([kind - mean for kind, mean in zip(kinds, means, strict=True)]) / spread
        inverse = np.linalg.pinv(shrunk(within), hermitian=True)
        direction = inverse @ ((means[1] - means[0]) / spread) / spread
        return cls((means[0] + means[1]) / 2, np.asarray(direction, np.float64))

    def score(self, measured: Table) -> Scores:
        """How far each image lies on the side of the anomalous ones, (n,)."""
        return np.asarray((measured - self.middle) @ self.direction)
