"""The cut with the best F1 on labelled cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.arrays import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration
from normocyte.thresholds.support.cuts import cuts_between
from normocyte.thresholds.support.words import no_rate


@dataclass
class BestF1(Threshold):
    """The cut whose harmonic mean of precision and recall is best on the tuning cells; the highest such cut.

    It depends on how many of the tuning cells are infected.
    """

    uses_labels: ClassVar[bool] = True

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - cells count alike
        cuts = cuts_between(scores, labels)
        f1 = 2 * cuts.true_positives / (cuts.true_positives + cuts.false_positives + cuts.positives)
        return float(cuts.at[np.argmax(f1)])

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate("best_f1, chosen on labelled cells,", calibration, self.cut))
