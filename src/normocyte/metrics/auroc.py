"""The area under the receiver operating characteristic."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.ranking import Ranking
from normocyte.metrics.support.sweep import Sweep, ratio


@final
@dataclass
class Auroc(Ranking):
    """How often a random anomalous cell scores above a random healthy one; a tie counts half."""

    rows: ClassVar[tuple[TableRow, ...]] = (TableRow("auroc", "AUROC", is_main=True, short="AUROC"),)
    order: ClassVar[int] = 1

    def of_sweep(self, counts: Sweep) -> Floats:
        """The area by trapezoids, which gives ties their half."""
        steps = np.diff(counts.false_positives, axis=1)
        heights = (counts.true_positives[:, 1:] + counts.true_positives[:, :-1]) / 2
        return ratio((steps * heights).sum(axis=1), (counts.anomalies * counts.healthy)[:, 0])
