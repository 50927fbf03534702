"""Is there neither too little nor too much light?"""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.messages import to_translate
from normocyte.core.types import Image8
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits

_WHITE = 250
_BLACK = 10


@dataclass
class Exposure(Check):
    """Checks that the photo is neither too dark nor too bright.

    `brightness` of the background, and the shares of the photo that are `burnt` white and `black`.

    Brightness is the mean of the median red, green and blue, 0 to 255. A pixel is white where its darkest
    channel is 250 or more, and black where its brightest is 10 or less.
    """

    brightness_good: Limits = limits((170.0, np.inf), "good", "brightness")
    brightness_usable: Limits = limits((130.0, np.inf), "usable", "brightness")
    burnt_good: Limits = limits((0.0, 0.02), "good", "burnt")
    burnt_usable: Limits = limits((0.0, 0.25), "usable", "burnt")
    black_good: Limits = limits((0.0, 0.02), "good", "black")
    black_usable: Limits = limits((0.0, 0.1), "usable", "black")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        view = photo.view
        return (
            Measure(
                to_translate("brightness"),
                float(view.background_colour.mean()),
                self.brightness_good,
                self.brightness_usable,
                to_translate("it is too dark; expose longer"),
            ),
            Measure(
                to_translate("burnt"),
                _share(view.seen(view.pixels), _WHITE, 255),
                self.burnt_good,
                self.burnt_usable,
                too_high=to_translate("too much of it is burnt white; expose shorter"),
            ),
            Measure(
                to_translate("black"),
                _share(view.seen(view.pixels), 0, _BLACK),
                self.black_good,
                self.black_usable,
                too_high=to_translate("too much of it is black; expose longer, or crop it to the lit field"),
            ),
        )


def _share(pixels: Image8, low: int, high: int) -> float:
    """The share of the pixels whose three channels are all within these limits."""
    within = cv2.inRange(pixels.reshape(1, -1, 3), np.full(3, low, np.uint8), np.full(3, high, np.uint8))
    return cv2.countNonZero(within) / within.size
