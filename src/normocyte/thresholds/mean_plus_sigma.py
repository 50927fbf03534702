"""The cut some standard deviations above the healthy mean."""

from __future__ import annotations

from dataclasses import dataclass

from normocyte.core.arrays import Labels, Names, Scores
from normocyte.core.checks import need_between
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration
from normocyte.thresholds.support.words import no_rate


@dataclass
class MeanPlusSigma(Threshold):
    """The mean of the healthy scores plus `sigmas` times their standard deviation.

    The usual rule of publications; it promises a rate only for normally distributed scores, which these are
    not.
    """

    sigmas: float = 3.0

    def __post_init__(self) -> None:
        """Refuse a cut below the mean."""
        need_between("mean_plus_sigma: sigmas", self.sigmas, 0, 100, "3")  # beyond any score

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        lowest, highest = float(scores.min()), float(scores.max())
        if lowest == highest:
            return highest
        return float(scores.mean() + self.sigmas * scores.std())

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate("mean_plus_sigma", calibration, self.cut))
