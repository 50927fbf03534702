"""The two pictures of a suspicious cell: the photo around it, and the cell with its heat."""

from __future__ import annotations

import numpy as np

from normocyte.core.arrays import Image8
from normocyte.reports.drawing.tiling import centred, fitting, heated, smooth
from normocyte.results.smear import Suspect

_WHITE = 255


def pair(suspect: Suspect, side: int) -> tuple[Image8, Image8]:
    """Photo and heat, each as large as fits into a square of this side in pixels."""
    view = suspect.view
    return photo_tile(suspect.image, side), heated(photo_tile(view.image, side), view.heat, view.mask)


def squares(suspect: Suspect, side: int) -> tuple[Image8, Image8]:
    """Photo and heat, each in the middle of a white square of this side in pixels."""
    photo, heat = pair(suspect, side)
    return centred(photo, side, _WHITE), centred(heat, side, _WHITE)


def photo_tile(image: Image8, side: int) -> Image8:
    """A picture as large as fits into a square of this side in pixels; one without pixels is white."""
    if not image.size:
        return np.full((side, side, 3), _WHITE, np.uint8)
    return smooth(image, *fitting(image.shape, side))
