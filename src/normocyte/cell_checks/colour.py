"""Are its colours those of healthy images?"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import Table

_FAINT = 8.0


@dataclass
class Colour(Check):
    """Checks the colours of a whole image of any kind: gray where gray was learnt, and the same cast.

    `colourfulness`: the mean difference between a pixel's largest and smallest channel, 0 to 255; 0 for gray.
    `red_share`, `blue_share`: the mean of that channel over that of green; 1 for gray.
    """

    is_general: ClassVar[bool] = True

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure("colourfulness", "without its usual colours", "too colourful", 2.0, offset=3.0),
            Measure("red_share", "too little red", "too much red", 1.15),
            Measure("blue_share", "too little blue", "too much blue", 1.15),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        pictures = thumbnails.pictures
        spread = (pictures.max(axis=3) - pictures.min(axis=3)).mean(axis=(1, 2))
        red, green, blue = pictures.mean(axis=(1, 2)).T + _FAINT
        return np.stack([spread, red / green, blue / green], axis=1)
