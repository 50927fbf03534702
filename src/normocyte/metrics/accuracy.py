"""The share of right decisions."""

from dataclasses import dataclass
from typing import ClassVar, final

from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.at_threshold import AtCut, Counted
from normocyte.metrics.support.sweep import ratio


@final
@dataclass
class Accuracy(AtCut):
    """How many of all cells are decided rightly; depends on how many of them are anomalous."""

    rows: ClassVar[tuple[TableRow, ...]] = (TableRow("accuracy", "accuracy at the threshold"),)
    order: ClassVar[int] = 4

    def figure(self, counted: Counted) -> Floats:
        """Right decisions of all decisions."""
        right = counted.true_positives + counted.true_negatives
        wrong = counted.false_positives + counted.false_negatives
        return ratio(right, right + wrong)
