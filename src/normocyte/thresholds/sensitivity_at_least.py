"""The highest threshold that still finds enough infected cells."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, chosen, no_rate
from normocyte.thresholds.support.cuts import cuts_between


@dataclass
class SensitivityAtLeast(Threshold):
    """The highest, most specific threshold that reaches `sensitivity` on the tuning cells.

    The lowest threshold lies below all tuning cells but those with the lowest score; where even that misses
    too many infected cells, it is taken. New patients may be found less often than these, on whom it was
    tuned.
    """

    uses_labels: ClassVar[bool] = True

    sensitivity: float = described(0.95, "sensitivity to reach on the tuning cells", above=0, at_most=1)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - cells count alike
        cuts = cuts_between(scores, labels)
        enough = np.flatnonzero(cuts.recall >= self.sensitivity)
        return float(cuts.at[enough[0] if len(enough) else -1])

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(no_rate(chosen("sensitivity_at_least"), calibration, self.cut))
