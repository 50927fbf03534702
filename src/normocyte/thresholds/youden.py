"""The threshold with the best sum of sensitivity and specificity on labelled cells."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, chosen, no_rate
from normocyte.thresholds.support.cuts import cuts_between


@dataclass
class Youden(Threshold):
    """The highest threshold with the largest J = sensitivity + specificity - 1 on the tuning cells.

    Youden, Cancer 3 (1950) 32. It does not depend on how many of the tuning cells are infected.
    """

    uses_labels: ClassVar[bool] = True

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - cells count alike
        cuts = cuts_between(scores, labels)
        gain = cuts.true_positives * cuts.negatives - cuts.false_positives * cuts.positives
        return float(cuts.at[np.argmax(gain)])

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate(chosen("youden"), calibration, self.cut))
