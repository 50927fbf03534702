"""The share of flagged cells that are anomalous."""

from dataclasses import dataclass
from typing import ClassVar, final

from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.at_threshold import AtCut, Counted
from normocyte.metrics.support.sweep import ratio


@final
@dataclass
class Precision(AtCut):
    """How many of the flagged cells are anomalous; undefined when nothing is flagged."""

    rows: ClassVar[tuple[TableRow, ...]] = (
        TableRow("precision", "precision at the threshold", is_main=True),
    )
    order: ClassVar[int] = 5

    def figure(self, counted: Counted) -> Floats:
        """Found of flagged."""
        flagged = counted.true_positives + counted.false_positives
        return ratio(counted.true_positives, flagged)
