"""The threshold with the best F1 on labelled cells."""

from dataclasses import dataclass
from typing import ClassVar

from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, chosen, no_rate
from normocyte.thresholds.support.cuts import best_f_beta


@dataclass
class BestF1(Threshold):
    """The highest threshold with the best harmonic mean of precision and recall on the tuning cells.

    It depends on how many of the tuning cells are infected.
    """

    uses_labels: ClassVar[bool] = True

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - cells count alike
        return best_f_beta(scores, labels, beta=1.0)

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate(chosen("best_f1"), calibration, self.cut))
