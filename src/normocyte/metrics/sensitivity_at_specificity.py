"""The sensitivity that is left when few healthy cells may be flagged."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.ranking import Ranking
from normocyte.metrics.support.sweep import Sweep, ratio

_ROUNDING = 1e-9


@final
@dataclass
class SensitivityAtSpecificity(Ranking):
    """The highest sensitivity over all thresholds whose specificity is at least `specificity`.

    A cell is flagged when its score lies above the threshold, so equal scores are flagged together or not at
    all, and nothing is interpolated between thresholds. The threshold is found on the same cells: this judges
    the ranking, not a threshold chosen beforehand.
    """

    rows: ClassVar[tuple[TableRow, ...]] = tuple(
        TableRow(
            f"sensitivity_at_specificity_{percent:g}",
            f"sensitivity at {percent:g} % specificity",
            {"specificity": percent / 100},
            is_main=True,
            short=f"sens. at {percent:g} %",
        )
        for percent in (95, 99, 99.5)
    )
    order: ClassVar[int] = 2

    specificity: float = described(0.95, "specificity that the threshold must reach", at_least=0, at_most=1)

    def of_sweep(self, counts: Sweep) -> Floats:
        """The last point of the sweep before too many healthy cells are flagged."""
        allowed = (1 - self.specificity + _ROUNDING) * counts.healthy
        found = np.where(counts.false_positives <= allowed, counts.true_positives, 0.0).max(axis=1)
        return ratio(found, counts.anomalies[:, 0])
