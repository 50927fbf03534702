"""Is it stained as the cells of the training were?"""

from dataclasses import dataclass

import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.inside import inside_mean
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.messages import to_translate
from normocyte.core.types import Table


@dataclass
class StainColour(Check):
    """Checks that the colours are those of the stain.

    `red_to_green`, `blue_to_green`: ratios of mean channels inside the cell. `colour`: how far from gray.

    A ratio of two channels does not change with the brightness of the lamp. `colour` is the mean over the
    inside of the difference between a pixel's largest and smallest channel, 0 to 255: a pale cell's is small,
    that of a picture without colour 0.
    """

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure(
                to_translate("red_to_green"),
                to_translate("too little red for its stain"),
                to_translate("too much red for its stain"),
                1.02,
                room_above=2.0,
                is_watched=True,
            ),
            Measure(
                to_translate("blue_to_green"),
                to_translate("too little blue for its stain"),
                to_translate("too much blue for its stain"),
                1.02,
                room_above=2.0,
                is_watched=True,
            ),
            Measure(to_translate("colour"), to_translate("without colour"), "", 1.02),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        red, green, blue = (1 + inside_mean(plane, thumbnails.inner) for plane in thumbnails.planes)
        spread = thumbnails.planes.max(axis=0) - thumbnails.planes.min(axis=0)
        colour = inside_mean(spread, thumbnails.inner)
        return np.stack([red / green, blue / green, colour], axis=1)
