"""Cuts a cell out of its field, in the frame that the pipelines have learnt: the cell alone on black."""

import cv2
import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.types import Flags, Image8, SegmentedCell
from normocyte.segmentation.support.foreground import contrast_of
from normocyte.segmentation.support.light import absorbed
from normocyte.segmentation.support.regions import main_piece

_DARKEST = 1
_LEAST_SHARE = 0.2


def crop(pixels: Image8, cell: SegmentedCell) -> Image8:
    """The cell's box, (height, width, 3) uint8 RGB, with 0 outside its mask.

    A black pixel of the cell becomes 1, so that only what is padding is 0. ImageError for a box that does not
    lie in the picture.
    """
    height, width = pixels.shape[:2]
    bottom, right = cell.y + cell.height, cell.x + cell.width
    if min(cell.x, cell.y) < 0 or right > width or bottom > height:
        raise ImageError(
            f"The box at ({cell.x}, {cell.y}) of {cell.width} x {cell.height} pixels does not lie in the "
            f"picture of {width} x {height}; give the cells of this picture."
        )
    own = np.maximum(pixels[cell.y : bottom, cell.x : right], _DARKEST)
    return np.asarray(cv2.bitwise_and(own, own, mask=cell.mask.astype(np.uint8)), np.uint8)


def box_masks(pixels: Image8, boxes: list[tuple[int, int, int, int]], level: float = 0.4) -> list[Flags]:
    """A mask for each box (x, y, width, height) that comes without one: the stained part of its ellipse.

    The ellipse is the one inscribed in the box; stained is what takes away more than `level` of the usual
    cell's share of green light. Where that is less than a fifth of the ellipse, the mask is the ellipse.
    """
    missing = np.ascontiguousarray(absorbed(pixels)[..., 1])
    stained = missing > level * contrast_of(missing)
    return [_cell_in(stained[y : y + height, x : x + width]) for x, y, width, height in boxes]


def _cell_in(stained: Flags) -> Flags:
    """The largest stained piece in the inscribed ellipse, with its holes filled."""
    down, right = ((np.arange(side) + 0.5) / side * 2 - 1 for side in stained.shape)
    ellipse = np.asarray(np.square(down)[:, np.newaxis] + np.square(right)[np.newaxis] <= 1)
    found = stained & ellipse
    if np.count_nonzero(found) < _LEAST_SHARE * np.count_nonzero(ellipse):
        return ellipse
    return main_piece(found)
