"""The threshold that a given share of healthy cells may pass."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from normocyte.core.messages import deferred, joined
from normocyte.core.percent import percent
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, rate
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients


@dataclass
class Quantile(Threshold):
    """The conformal quantile: the k-th smallest of n healthy scores, k = min(n, ceil((n + 1) * (1 - rate))).

    A new healthy cell, exchangeable with these n, lies above it with probability at most the rate as long as
    n >= 1 / rate - 1; with fewer cells the threshold is the largest score. (Vovk, Gammerman & Shafer,
    Algorithmic Learning in a Random World, 2005; no interpolation between scores.)
    """

    false_positive_rate: float = rate(0.01)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        rank = ceil((len(scores) + 1) * (1 - self.false_positive_rate) - 1e-9)
        return float(np.sort(scores)[min(rank, len(scores)) - 1])

    def guarantee(self, calibration: Calibration) -> Guarantee:
        least = 1 / (len(calibration) + 1)
        rate = max(self.false_positive_rate, least)
        said = deferred(
            "On average, at most {rate} of healthy cells are flagged, if new cells are like the {cells} that "
            "it was calibrated on; that cells of one patient resemble each other is not accounted for.",
            rate=percent(rate),
            cells=cells_of_patients(calibration),
        )
        if least <= self.false_positive_rate:
            return Guarantee(said, rate)
        few = deferred(
            "{rate} needs {cells} cells:",
            rate=percent(self.false_positive_rate),
            cells=ceil(1 / self.false_positive_rate) - 1,
        )
        return Guarantee(joined([few, said]), rate)
