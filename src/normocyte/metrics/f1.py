"""The balance of precision and recall."""

from dataclasses import dataclass
from typing import ClassVar, final

from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.at_threshold import AtCut, Counted
from normocyte.metrics.support.sweep import ratio


@final
@dataclass
class F1(AtCut):
    """The harmonic mean of precision and recall; 0 when anomalous cells exist and none is found."""

    rows: ClassVar[tuple[TableRow, ...]] = (TableRow("f1", "F1 at the threshold", is_main=True),)
    order: ClassVar[int] = 7

    def figure(self, counted: Counted) -> Floats:
        """Twice the found, of all flagged and all anomalous."""
        mistakes = counted.false_positives + counted.false_negatives
        found = 2 * counted.true_positives
        return ratio(found, found + mistakes)
