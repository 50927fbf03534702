"""The area under the receiver operating characteristic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Labels, Scores
from normocyte.metrics._base import Metric
from normocyte.metrics._bootstrap import Weights
from normocyte.metrics._sweep import ratio, sweep


@final
@dataclass
class Auroc(Metric):
    """How often a random anomalous cell scores above a random healthy one; a tie counts half."""

    def points(self, scores: Scores, labels: Labels, weights: Weights) -> npt.NDArray[np.float64]:
        """The area by trapezoids, which gives ties their half."""
        counts = sweep(scores, labels, weights)
        steps = np.diff(counts.false_positives, axis=1)
        heights = (counts.true_positives[:, 1:] + counts.true_positives[:, :-1]) / 2
        return ratio((steps * heights).sum(axis=1), (counts.anomalies * counts.healthy)[:, 0])
