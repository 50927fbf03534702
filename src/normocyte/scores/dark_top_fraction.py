"""The darkest pixels, compared with what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from normocyte.core.arrays import Maps, Mask, Scores
from normocyte.core.checks import need_share
from normocyte.scores.contract import Score
from normocyte.scores.support.counting import counted, mean_of_largest


@dataclass
class DarkTopFraction(Score):
    """The mean of the `fraction` of pixels that are most darker than expected; 0 takes the single darkest.

    Parasites take light away, so paler pixels are left out. Over the pixels that count or (`masked` = false)
    over all.
    """

    fraction: float = 0.01
    masked: bool = True

    def __post_init__(self) -> None:
        """Refuse a fraction that is no share of the pixels."""
        need_share("dark_top_fraction: fraction", self.fraction)

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        return mean_of_largest(maps, counted(masks, is_masked=self.masked), self.fraction)
