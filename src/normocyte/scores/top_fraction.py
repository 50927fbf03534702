"""The worst pixels, darker or paler than expected."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Maps, Mask, Scores
from normocyte.scores.contract import Score
from normocyte.scores.support.counting import counted, mean_of_largest


@dataclass
class TopFraction(Score):
    """The mean of the largest `fraction` of the residual's size (at least one pixel)."""

    fraction: float = described(0.01, "share of the pixels; 0 takes the single one", at_least=0, at_most=1)
    masked: bool = described(True, "over the pixels that count, not over all")

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        return mean_of_largest(np.abs(maps), counted(masks, is_masked=self.masked), self.fraction)
