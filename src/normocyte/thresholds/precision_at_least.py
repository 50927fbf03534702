"""The threshold that finds most infected cells while most flagged cells are infected."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, chosen, no_rate
from normocyte.thresholds.support.cuts import cuts_between


@dataclass
class PrecisionAtLeast(Threshold):
    """Of the thresholds that reach `precision` on the tuning cells, the one with the most recall.

    Of several, the most precise. Where none reaches it, the threshold with the best precision, of several the
    one with the most recall. Precision depends on how many of the tuning cells are infected: in a smear with
    fewer it will be lower.
    """

    uses_labels: ClassVar[bool] = True

    precision: float = described(0.9, "precision to reach on the tuning cells", above=0, at_most=1)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - cells count alike
        cuts = cuts_between(scores, labels)
        reached = cuts.precision >= self.precision
        recall_first = np.lexsort((cuts.precision, np.where(reached, cuts.recall, -1.0)))
        precision_first = np.lexsort((cuts.recall, cuts.precision))
        best = recall_first[-1] if reached.any() else precision_first[-1]
        return float(cuts.at[best])

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate(chosen("precision_at_least"), calibration, self.cut))
