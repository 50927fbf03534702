"""The share of healthy cells that are not flagged."""

from dataclasses import dataclass
from typing import ClassVar, final

from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.at_threshold import AtCut, Counted
from normocyte.metrics.support.sweep import ratio


@final
@dataclass
class Specificity(AtCut):
    """How many of the healthy cells are not flagged."""

    rows: ClassVar[tuple[TableRow, ...]] = (
        TableRow("specificity", "specificity at the threshold", is_main=True),
    )
    order: ClassVar[int] = 8

    def figure(self, counted: Counted) -> Floats:
        """Left alone of healthy."""
        healthy = counted.true_negatives + counted.false_positives
        return ratio(counted.true_negatives, healthy)
