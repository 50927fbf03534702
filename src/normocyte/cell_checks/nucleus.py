"""Is its middle free of a nucleus, as that of a red cell is?"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import SMALL, Thumbnails
from normocyte.core.messages import to_translate
from normocyte.core.types import Image8, Mask, Table

_LOGS = np.log(np.arange(1, 257, dtype=np.float32))
_RIM = np.ones((3, 3), np.uint8)
_EVERY_OTHER = np.s_[:, ::2, ::2]
_RED_COUNTS, _BLUE_COUNTS = np.float32(1.4), np.float32(1.5)
_VIOLET = np.float32(0.12)

Values = npt.NDArray[np.float32]


@dataclass
class Nucleus(Check):
    """Checks that the cell has no large dark nucleus in its middle, as a white cell has.

    `core_stain`: how much more the middle is stained than what lies around it; 0 where it is not.

    The middle is 4 pixels or more of 32 from the rim. Three differences of medians are taken: how much less
    green there is for its red and blue, how much less red (times 1.4), and how much bluer it is (times 1.5),
    all as logarithms; and how far its blue exceeds its red by more than 0.12. The smallest counts: a parasite
    is seldom half of the middle, a fold or a thick cell is no bluer, a body of a parasite seldom violet all
    over, and the pale middle of a healthy cell gives 0.
    """

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure(
                to_translate("core_stain"),
                "",
                to_translate("dark in its middle, as a white cell with its nucleus"),
                2.0,
                room_above=1.2,
                offset=0.05,
            ),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        if not len(thumbnails):
            return np.zeros((0, 1))
        red, green, blue = (_LOGS[plane[_EVERY_OTHER]] for plane in thumbnails.planes)
        core = thumbnails.inner[_EVERY_OTHER] > 0
        around = (_without_rim(thumbnails.masks)[_EVERY_OTHER] > 0) & ~core
        contrast = (red + blue) / 2 - green
        deeper = _median(contrast, core) - _median(contrast, around)
        darker = _RED_COUNTS * (_median(red, around) - _median(red, core))
        blue_core = _median(blue - red, core)
        bluer = _BLUE_COUNTS * (blue_core - _median(blue - red, around))
        is_seen = around.any(axis=(1, 2))
        stain = np.where(is_seen, np.minimum.reduce([deeper, darker, bluer, blue_core - _VIOLET]), 0)
        return np.maximum(stain, 0).astype(np.float64)[:, np.newaxis]


def _without_rim(masks: Mask) -> Image8:
    """The masks (n, 32, 32) without their outermost pixels, which are mixed with the background."""
    eroded = np.asarray(cv2.erode(masks.reshape(-1, SMALL), _RIM), np.uint8).reshape(-1, SMALL, SMALL)
    eroded[:, [0, -1]] = 0  # in the stack they have neighbours
    return eroded


def _median(values: Values, inside: npt.NDArray[np.bool_]) -> Values:
    """The median of each picture inside, (n,); 0 where that is nowhere."""
    ordered = np.sort(np.where(inside, values, np.inf).reshape(len(values), -1), axis=1)
    middle = np.maximum(inside.sum(axis=(1, 2)) - 1, 0) // 2
    found = np.take_along_axis(ordered, middle[:, np.newaxis], axis=1)[:, 0]
    return np.where(np.isfinite(found), found, np.float32(0))
