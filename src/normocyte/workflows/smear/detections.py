"""What a segmenter has found in a photo, for those who grade the photo and those who ask about its cells."""

from __future__ import annotations

import numpy as np

from normocyte.core.arrays import Image8
from normocyte.core.types import CellKind, SegmentedCell
from normocyte.photo_checks.contract import Photo
from normocyte.segmentation.contract import Field


def photo_of(pixels: Image8, found: Field) -> Photo:
    """The photo with what the segmenter has found; where that is nothing, the checks look for themselves."""
    if not found.cells:
        return Photo(pixels, pieces=())
    mask = np.zeros(pixels.shape[:2], np.bool_)
    for cell in found.cells:
        mask[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width] |= cell.mask
    return Photo(pixels, mask, found.diameter_px, len(found.cells), found.cells)


def may_be_red(cell: SegmentedCell) -> bool:
    """True for whole red cells and pieces of clumps, where infected cells lie more often than others."""
    return cell.kind in {CellKind.RED_CELL, CellKind.OVERLAPPING} and not cell.is_covered
