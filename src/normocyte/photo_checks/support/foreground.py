"""A first, rough look at what in a photo is a cell, for photos that nobody has segmented."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8
from normocyte.photo_checks.support.circles import Rims

Cells = npt.NDArray[np.bool_]

SIDE = 480
_BLUR = 1.5
_LARGEST_HOLE = 0.008
_HOLE_PX = 2500
"""A larger hole is ground between cells, however large the picture is."""
_RADII = np.geomspace(5, 120, 28)


def cells_in(pixels: Image8) -> tuple[Cells, float, int]:
    """What is darker than the background, its typical diameter in pixels, and how many such there are.

    `pixels` is (height, width, 3) uint8; the mask (height, width) is False everywhere, and the numbers are 0,
    where all is one green. The green channel is cut by Otsu, IEEE Trans. Syst. Man Cybern. 9 (1979) 62, a
    second time with everything as dark as the median of the dark side or darker taken for one: a black
    nucleus then does not hide pale cells. Holes are filled. The diameter is that of the circles on which the
    rims agree best; the count is the area over that of one such circle, so that clumps need no cutting.
    """
    height, width = pixels.shape[:2]
    scale = SIDE / min(height, width)
    small = resized(np.ascontiguousarray(pixels[..., 1]), scale)
    mask = dark_things(small)
    rims = Rims.of(mask)
    agreements = [rims.agreement(radius) for radius in _RADII]
    radius = float(_RADII[np.argmax(agreements)]) if max(agreements) > 0 else 0.0
    count = round(float(mask.sum()) / (np.pi * radius**2)) if radius else 0
    whole = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    return whole.astype(np.bool_), 2 * radius / scale, count


def dark_things(green: Image8) -> Image8:
    """1 on what is darker than the ground in a green channel (height, width), holes filled; else 0."""
    return _filled(_dark_side(np.asarray(cv2.GaussianBlur(green, (0, 0), _BLUR), np.uint8)))


def resized(pixels: Image8, scale: float) -> Image8:
    """A picture (height, width) or (height, width, 3), so many times as large, at least 1 pixel a side."""
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=way), np.uint8)


def _dark_side(green: Image8) -> Image8:
    """1 on the darker side of Otsu's threshold, 0 elsewhere; 0 everywhere where all is one green."""
    if np.ptp(green) == 0:
        return np.zeros_like(green)
    way = cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU
    _, first = cv2.threshold(green, 0, 1, way)
    pale = np.maximum(green, np.uint8(np.median(green[first > 0])))
    return np.asarray(cv2.threshold(pale, 0, 1, way)[1], np.uint8) if np.ptp(pale) else np.zeros_like(green)


def _filled(mask: Image8) -> Image8:
    """Without its small holes, such as the pale middle of a cell."""
    height, width = mask.shape
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    left, top, wide, high, area = boxes.T
    is_hole = (left > 0) & (top > 0) & (left + wide < width) & (top + high < height)
    is_hole &= area < min(_LARGEST_HOLE * mask.size, _HOLE_PX)
    is_hole[0] = False
    return np.where(is_hole[labels], 1, mask).astype(np.uint8)
