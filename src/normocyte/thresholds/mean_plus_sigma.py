"""The threshold some standard deviations above the healthy mean."""

from dataclasses import dataclass

from normocyte.core.fields import described
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, no_rate


@dataclass
class MeanPlusSigma(Threshold):
    """The mean of the healthy scores plus `sigmas` times their standard deviation.

    The usual rule of publications; it promises a rate only for normally distributed scores, which these are
    not.
    """

    sigmas: float = described(3.0, "how many standard deviations above the mean", at_least=0, at_most=100)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        lowest, highest = float(scores.min()), float(scores.max())
        if lowest == highest:
            return highest
        return float(scores.mean() + self.sigmas * scores.std())

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate("mean_plus_sigma", calibration, self.cut))
