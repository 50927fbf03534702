"""The classic: mean squared error."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Maps, Mask, Scores
from normocyte.scores.contract import Score
from normocyte.scores.support.counting import counted, mean_of


@dataclass
class MeanSquare(Score):
    """The mean of the squared residual."""

    masked: bool = described(True, "over the pixels that count, not over all")

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        return mean_of(np.square(maps), counted(masks, is_masked=self.masked))
