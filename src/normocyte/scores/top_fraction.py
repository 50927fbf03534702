"""The worst pixels, darker or paler than expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.arrays import Maps, Mask, Scores
from normocyte.core.checks import need_share
from normocyte.scores.contract import Score
from normocyte.scores.support.counting import counted, mean_of_largest


@dataclass
class TopFraction(Score):
    """The mean of the largest `fraction` of the residual's size (at least one pixel).

    Over the pixels that count or (`masked` = false) over all.
    """

    fraction: float = 0.01
    masked: bool = True

    def __post_init__(self) -> None:
        """Refuse an impossible fraction."""
        need_share("top_fraction: fraction", self.fraction)

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        return mean_of_largest(np.abs(maps), counted(masks, is_masked=self.masked), self.fraction)
