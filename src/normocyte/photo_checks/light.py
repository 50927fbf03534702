"""Does the lamp light the whole field alike?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.messages import to_translate
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits
from normocyte.photo_checks.support.view import View

_TILES = 6
_LEAST_SHARE = 0.05


@dataclass
class Light(Check):
    """Checks that the light is even.

    `unevenness`: the brightest part of the background over the darkest, 1 and above.

    The photo is divided into 6 x 6 tiles; of each that has background, the median green counts. A tile whose
    background is a twentieth of it or less has no say; 1 where fewer than two tiles have one.
    """

    unevenness_good: Limits = limits((1.0, 1.21), "good", "unevenness")
    unevenness_usable: Limits = limits((1.0, 1.83), "usable", "unevenness")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        levels = _levels(photo.view)
        ratio = (max(levels) + 1) / (min(levels) + 1) if levels else 1.0
        return (
            Measure(
                to_translate("unevenness"),
                float(ratio),
                self.unevenness_good,
                self.unevenness_usable,
                too_high=to_translate("the light is uneven; centre the lamp and the phone"),
            ),
        )


def _levels(view: View) -> list[float]:
    pairs = zip(_tiles(view.green), _tiles(view.outside), strict=True)
    return [float(np.median(green[is_out])) for green, is_out in pairs if is_out.mean() > _LEAST_SHARE]


def _tiles(values: npt.NDArray[np.generic]) -> list[npt.NDArray[np.generic]]:
    rows = np.array_split(values, _TILES)
    return [tile for row in rows for tile in np.array_split(row, _TILES, axis=1)]
