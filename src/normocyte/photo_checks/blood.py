"""Is it a blood field at all: round cells of one size on a plain ground?"""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.messages import to_translate
from normocyte.core.types import Image8
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits
from normocyte.photo_checks.support.circles import Rims
from normocyte.photo_checks.support.grid import grid, pattern
from normocyte.photo_checks.support.view import DIAMETER, View

_RADII = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


@dataclass
class Blood(Check):
    """Checks that the photo shows a blood film at all.

    `roundness`, `two_tones`, `ground`, `pattern` and `grid`: of a selfie, a page, tissue or a screen.

    Roundness is how well the rims agree on circles of about the size of a cell, 1 for equal circles. Two
    tones is the share of the variance of green that the threshold between ground and the rest explains, 0 to
    1. Ground is the green of the background over the mean of its red and blue: between the nuclei of tissue
    it is pink. Pattern is the highest peak of the spectrum over the mean of its ring, at periods from 2 to 12
    pixels at 32 pixels a cell: the grid of a screen, or moire. Grid is the same at the camera's own pixels,
    where a finer screen shows, without level and upright waves, which cameras make themselves.
    """

    roundness_good: Limits = limits((0.13, np.inf), "good", "roundness")
    roundness_usable: Limits = limits((0.1, np.inf), "usable", "roundness")
    two_tones_good: Limits = limits((0.54, np.inf), "good", "two_tones")
    two_tones_usable: Limits = limits((0.42, np.inf), "usable", "two_tones")
    ground_good: Limits = limits((0.99, 1.2), "good", "ground")
    ground_usable: Limits = limits((0.79, 1.5), "usable", "ground")
    pattern_good: Limits = limits((0.0, 34.0), "good", "pattern")
    pattern_usable: Limits = limits((0.0, 60.0), "usable", "pattern")
    grid_good: Limits = limits((0.0, 80.0), "good", "grid")
    grid_usable: Limits = limits((0.0, 130.0), "usable", "grid")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        view = photo.view
        return (
            Measure(
                to_translate("roundness"),
                roundness(view),
                self.roundness_good,
                self.roundness_usable,
                to_translate("what is in it is not round; photograph a thin blood film"),
            ),
            Measure(
                to_translate("two_tones"),
                two_tones(view),
                self.two_tones_good,
                self.two_tones_usable,
                to_translate("the ground is uneven or hardly paler than the cells; choose a thinner area"),
            ),
            Measure(
                to_translate("ground"),
                _ground(view),
                self.ground_good,
                self.ground_usable,
                to_translate(
                    "the ground is too pink or purple; photograph blood, with the white balance set"
                ),
                to_translate("the ground is too green; set the white balance on an empty part of the slide"),
            ),
            Measure(
                to_translate("pattern"),
                pattern(view.green),
                self.pattern_good,
                self.pattern_usable,
                too_high=to_translate(
                    "it has a regular pattern; photograph the smear, not a screen or a print"
                ),
            ),
            Measure(
                to_translate("grid"),
                grid(np.ascontiguousarray(photo.pixels[..., 1])),
                self.grid_good,
                self.grid_usable,
                too_high=to_translate("it has the grid of a screen; photograph the smear itself"),
            ),
        )


def roundness(view: View) -> float:
    """How well the rims of the cells agree on circles of about their diameter, 0 and above."""
    rims = Rims.of(view.cells, view.lit)
    return max(rims.agreement(share * DIAMETER) for share in _RADII)


def _ground(view: View) -> float:
    red, green, blue = view.background_colour + 1
    return float(2 * green / (red + blue))


def two_tones(view: View) -> float:
    """The share of the variance of green that the threshold between cells and ground explains, 0 to 1."""
    green, things = view.seen(view.green), view.seen(view.things)
    share = float(things.mean())
    total = float(green.astype(np.float64).var())
    if total == 0 or share in (0, 1):
        return 0.0
    gap = _mean(green, things) - _mean(green, 1 - things)
    return min(share * (1 - share) * gap**2 / total, 1.0)


def _mean(values: Image8, where: Image8) -> float:
    """The mean of bytes where a mask of 0 and 1 is 1, from how many have each value: all sums are exact."""
    counts = cv2.calcHist([values], [0], where, [256], [0, 256]).ravel().astype(np.int64)
    return int(counts @ np.arange(256)) / int(counts.sum())
