"""The threshold with the best F-beta on labelled cells."""

from dataclasses import dataclass
from typing import ClassVar

from normocyte.core.fields import described
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, chosen, no_rate
from normocyte.thresholds.support.cuts import best_f_beta


@dataclass
class FBeta(Threshold):
    """The threshold with the best F-beta on the tuning cells: recall counts `beta` times as much.

    F-beta is (1 + beta^2) precision recall / (beta^2 precision + recall) (van Rijsbergen, Information
    Retrieval, 1979); of several best thresholds, the highest. It depends on how many of the tuning cells are
    infected.
    """

    uses_labels: ClassVar[bool] = True

    beta: float = described(2.0, "weight of recall over precision", at_least=0.01, at_most=100)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - cells count alike
        return best_f_beta(scores, labels, self.beta)

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate(chosen("f_beta"), calibration, self.cut))
