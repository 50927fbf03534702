"""The share of flagged cells that are anomalous."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from normocyte.metrics._at_cut import AtCut, Counted, Floats
from normocyte.metrics._sweep import ratio


@final
@dataclass
class Precision(AtCut):
    """How many of the flagged cells are anomalous; undefined when nothing is flagged."""

    def figure(self, counted: Counted) -> Floats:
        """Found of flagged."""
        flagged = counted.true_positives + counted.false_positives
        return ratio(counted.true_positives, flagged)
