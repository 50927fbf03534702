"""The share of anomalous cells that are flagged."""

from dataclasses import dataclass
from typing import ClassVar, final

from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.at_threshold import AtCut, Counted
from normocyte.metrics.support.sweep import ratio


@final
@dataclass
class Recall(AtCut):
    """How many of the anomalous cells are flagged: the sensitivity at the threshold."""

    rows: ClassVar[tuple[TableRow, ...]] = (
        TableRow("recall", "recall (sensitivity) at the threshold", is_main=True),
    )
    order: ClassVar[int] = 6

    def figure(self, counted: Counted) -> Floats:
        """Found of anomalous."""
        anomalous = counted.true_positives + counted.false_negatives
        return ratio(counted.true_positives, anomalous)
