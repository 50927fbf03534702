"""The threshold some robust standard deviations above the healthy median."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, no_rate

_SIGMA = 1.482602218505602
_SIGMA_OF_MEAN = 1.2533141373155001


@dataclass
class Mad(Threshold):
    """The median of the healthy scores plus `factor` times 1.4826 times the median absolute deviation.

    Scaled so that it is the standard deviation of normally distributed scores (Iglewicz & Hoaglin, How to
    Detect and Handle Outliers, 1993, whose 3.5 is the default). Where more than half of the scores are equal,
    1.2533 times the mean absolute deviation stands in. Infected cells among the healthy hardly move it; it
    states no rate.
    """

    factor: float = described(3.5, "scaled deviations above the median", at_least=0, at_most=100)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        middle = float(np.median(scores))
        away = np.abs(scores - middle)
        sigma = _SIGMA * float(np.median(away)) or _SIGMA_OF_MEAN * float(np.mean(away))
        return middle + self.factor * sigma

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate("mad", calibration, self.cut))
