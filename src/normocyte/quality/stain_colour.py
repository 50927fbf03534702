"""Is it stained as the cells were that the model knows?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.quality._base import Check, Measure, Table
from normocyte.quality._inside import inside_mean
from normocyte.quality._thumbnails import Thumbnails


@dataclass
class StainColour(Check):
    """`red_to_green` and `blue_to_green`: the ratios of the mean channels inside the cell.

    A ratio of two channels does not change with the brightness of the lamp.
    """

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure(
                "red_to_green",
                "too little red for its stain",
                "too much red for its stain",
                1.02,
                room_above=2.0,
            ),
            Measure(
                "blue_to_green",
                "too little blue for its stain",
                "too much blue for its stain",
                1.02,
                room_above=2.0,
            ),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        red, green, blue = (1 + inside_mean(plane, thumbnails.inner) for plane in thumbnails.planes)
        return np.stack([red / green, blue / green], axis=1)
