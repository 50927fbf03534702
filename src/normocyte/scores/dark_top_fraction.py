"""The darkest pixels, compared with what was expected."""

from dataclasses import dataclass

from normocyte.core.fields import described
from normocyte.core.types import Maps, Mask, Scores
from normocyte.scores.contract import Score
from normocyte.scores.support.counting import counted, mean_of_largest


@dataclass
class DarkTopFraction(Score):
    """The mean of the `fraction` of pixels that are most darker than expected.

    Parasites take light away, so paler pixels are left out.
    """

    fraction: float = described(0.01, "share of the pixels; 0 takes the single one", at_least=0, at_most=1)
    masked: bool = described(True, "over the pixels that count, not over all")

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        return mean_of_largest(maps, counted(masks, is_masked=self.masked), self.fraction)
