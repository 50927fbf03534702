"""Finds the cell: the mask narrows to it."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.fields import described
from normocyte.core.types import Mask, Sample
from normocyte.foreground.cell import Found, found_cell
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import COLOURS, gray_of
from normocyte.preprocessing.support.foreground import (
    fill_holes,
    inscribed_ellipse,
    largest_piece,
    middle,
    otsu_foreground,
)

_FEWEST_PIXELS = 30
_LOSSY = 1
_SQUARE = np.ones((3, 3), np.uint8)


@dataclass
class CellMask(Step):
    """Narrows the mask to the largest 4-connected piece of cell; ImageError when fewer than 30 pixels stay.

    `method`: "padding" takes what is far from the colour of the background, "otsu" the dark side of the Otsu
    threshold on green with its holes filled (the bright side where the padding is nearly black), "auto" the
    first where the background is nearly black or of one colour, else the second. The outermost pixels are
    taken off as they are mixed with the background, one more where that is not exact, as in a JPEG. `ellipse`
    is for cells that were cut out of a field by tight boxes, whose corners show neighbours.
    """

    method: str = described("auto", "what counts as cell", one_of=("auto", "padding", "otsu"))
    erode: int = described(1, "width of the rim that is removed", unit="pixels", at_least=0, at_most=20)
    ellipse: bool = described(False, "use only the ellipse inscribed in the image")

    def apply(self, sample: Sample) -> Sample:
        found, is_exact = self._foreground(sample)
        if self.ellipse:
            found &= inscribed_ellipse(found.shape)
        grown = cv2.dilate(largest_piece(found, middle(found)), _SQUARE)
        cell = cv2.erode(grown, _SQUARE, iterations=1 + self.erode + (0 if is_exact else _LOSSY))
        left = cv2.countNonZero(cell)
        if left < _FEWEST_PIXELS:
            height, width = cell.shape
            raise ImageError(
                f"No cell found: {left} pixels of {width} x {height} look like one, and at least "
                f"{_FEWEST_PIXELS} are needed. Check that the image shows one stained cell."
            )
        return sample.with_mask(np.asarray(cell, dtype=np.uint8))

    def _foreground(self, sample: Sample) -> tuple[Mask, bool]:
        """Everything that looks like a cell, (height, width) of 0 and 1, and whether its edge is exact."""
        cell = found_cell(sample.pixels if sample.image is None else sample.image)
        if cell and (self.method == "padding" or (self.method == "auto" and _is_plain(cell))):
            counted = np.asarray(cv2.copyTo(cell.mask, sample.mask), dtype=np.uint8)
            return (counted if cell.is_dark and cell.is_exact else fill_holes(counted)), cell.is_exact
        if self.method == "padding":
            return (gray_of(sample.pixels) > 0).view(np.uint8) & (sample.mask > 0), True
        is_coloured = sample.pixels.shape[2] == COLOURS
        green = np.ascontiguousarray(sample.pixels[..., 1]) if is_coloured else gray_of(sample.pixels)
        is_bright = cell is not None and cell.is_dark
        return fill_holes(otsu_foreground(green, sample.mask, is_bright=is_bright)), True


def _is_plain(cell: Found) -> bool:
    """True where the background was painted: nearly black, or of exactly one colour."""
    return cell.is_dark or cell.is_exact
