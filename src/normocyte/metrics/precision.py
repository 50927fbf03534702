"""The share of flagged cells that are anomalous."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from normocyte.core.arrays import Floats
from normocyte.metrics.families.at_threshold import AtCut, Counted
from normocyte.metrics.support.sweep import ratio


@final
@dataclass
class Precision(AtCut):
    """How many of the flagged cells are anomalous; undefined when nothing is flagged."""

    def figure(self, counted: Counted) -> Floats:
        """Found of flagged."""
        flagged = counted.true_positives + counted.false_positives
        return ratio(counted.true_positives, flagged)
