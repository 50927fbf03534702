"""Is it a thin film: do the outlines of what was found bound round cells of one size?"""

from dataclasses import dataclass

import numpy as np

from normocyte.core.messages import to_translate
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits
from normocyte.photo_checks.support.arcs import Arcs

_ROUND_SLACK, _SIZE_SLACK = 0.5, 0.7


@dataclass
class Outlines(Check):
    """Checks that the cells have the outlines of a thin film.

    `circles`, `sizes` and `found`: of thick and lysed films, where stained matter is cut into pieces.

    Circles is the share of the outlines that lie on circles, with an edge, over the share that shows an edge
    at all; sizes is how far the radii of the arcs that border on ground differ, as the spread of their
    logarithms. White cells, platelets and what the photo cuts off have no say. Of few pieces little is known,
    so that circles gets 0.5 over the square root of their number, and sizes loses 0.7 over it. Found is 0
    where a segmenter found nothing at all, else 1. Circles is 1 and sizes 0 where there are no pieces to ask.
    Beyond a limit a photo is unusable; there is nothing between.
    """

    circles_good: Limits = limits((0.54, np.inf), "good", "circles")
    circles_usable: Limits = limits((0.54, np.inf), "usable", "circles")
    sizes_good: Limits = limits((0.0, 0.2), "good", "sizes")
    sizes_usable: Limits = limits((0.0, 0.2), "usable", "sizes")
    found_good: Limits = limits((1.0, np.inf), "good", "found")
    found_usable: Limits = limits((1.0, np.inf), "usable", "found")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        circles, sizes = _values(photo)
        return (
            Measure(
                to_translate("circles"),
                circles,
                self.circles_good,
                self.circles_usable,
                to_translate(
                    "this is no thin film: the outlines are not those of round cells; photograph the thin "
                    "part of the smear"
                ),
            ),
            Measure(
                to_translate("sizes"),
                sizes,
                self.sizes_good,
                self.sizes_usable,
                too_high=to_translate(
                    "this is no thin film: the outlines are of all sizes; photograph the thin part of the "
                    "smear"
                ),
            ),
            Measure(
                to_translate("found"),
                0.0 if photo.pieces is not None and not photo.pieces else 1.0,
                self.found_good,
                self.found_usable,
                to_translate(
                    "this is no thin film: nothing in it has the outline of a cell; photograph the thin "
                    "part of the smear"
                ),
            ),
        )


def _values(photo: Photo) -> tuple[float, float]:
    if not photo.pieces:
        return 1.0, 0.0
    height, width = photo.pixels.shape[:2]
    arcs = Arcs.of(photo.view, photo.pieces, (height, width))
    slack = 1 / np.sqrt(arcs.independent)
    return arcs.roundness + _ROUND_SLACK * slack, max(arcs.spread - _SIZE_SLACK * slack, 0.0)
