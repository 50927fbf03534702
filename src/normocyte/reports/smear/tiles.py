"""The two pictures of a suspicious cell: the photo around it, and the cell with its heat."""

from __future__ import annotations

import numpy as np

from normocyte.core.arrays import Image8
from normocyte.reports.drawing.heat import heated
from normocyte.reports.drawing.resample import fitting, smooth
from normocyte.results.smear import Suspect


def pair(suspect: Suspect, side: int) -> tuple[Image8, Image8]:
    """Photo and heat, each as large as fits into a square of this side in pixels."""
    view = suspect.view
    return _resized(suspect.image, side), heated(_resized(view.image, side), view.heat, view.mask)


def photo_tile(image: Image8, side: int) -> Image8:
    """A piece of a photo as large as fits into a square of this side in pixels."""
    return _resized(image, side)


def squares(suspect: Suspect, side: int) -> tuple[Image8, Image8]:
    """Photo and heat, each in the middle of a white square of this side in pixels."""
    photo, heat = pair(suspect, side)
    return _squared(photo, side), _squared(heat, side)


def _resized(image: Image8, side: int) -> Image8:
    """The picture as large as fits; one without pixels is white."""
    if not image.size:
        return np.full((side, side, 3), 255, np.uint8)
    return np.clip(smooth(image, *fitting(image.shape, side)).round(), 0, 255).astype(np.uint8)


def _squared(image: Image8, side: int) -> Image8:
    square = np.full((side, side, 3), 255, np.uint8)
    height, width = image.shape[:2]
    square[(side - height) // 2 :, (side - width) // 2 :][:height, :width] = image
    return square
