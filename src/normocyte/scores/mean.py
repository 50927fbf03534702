"""The mean of the map as it is, with its sign."""

from dataclasses import dataclass

from normocyte.core.fields import described
from normocyte.core.types import Maps, Mask, Scores
from normocyte.scores.contract import Score
from normocyte.scores.support.counting import counted, mean_of


@dataclass
class Mean(Score):
    """The mean of the map, what is below 0 counted against the rest.

    For maps that say of every place what it adds to the whole, as those of `feature_gaussian`, and for
    distances of patches, where it says how unusual the image is throughout.
    """

    masked: bool = described(True, "over the pixels that count, not over all")

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        return mean_of(maps, counted(masks, is_masked=self.masked))
