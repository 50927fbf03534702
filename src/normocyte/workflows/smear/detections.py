"""What a segmenter has found in a photo, as the checks of photos, the detectors and the gate take it."""

import numpy as np

from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import CellKind, Image8, SegmentedCell
from normocyte.photo_checks.contract import Photo
from normocyte.segmentation.contract import Field

BRIGHTNESS = "brightness"
_MOST = 2.0


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


def lit_as_known(gate: Gate, cells: Thumbnails) -> list[Image8]:
    """The cells of a photo, each times a number from 1/2 to 2 that gives it the usual brightness.

    Whether there is light enough was asked of the photo before. A parasite may make a cell much paler than
    its neighbours, and must not be refused for that; a detector of stain contrast sees ratios, which stay.
    Without a check of brightness nothing changes.
    """
    names = [measure.name for measure in gate.known]
    if not cells or BRIGHTNESS not in names:
        return list(cells.images)
    usual = float(gate.limits_[1, names.index(BRIGHTNESS)])
    own = np.maximum(gate.measure(BRIGHTNESS, cells), 1.0)
    factors = np.clip(usual / own, 1 / _MOST, _MOST).astype(np.float32)
    return [
        np.minimum(cell * factor + np.float32(0.5), 255).astype(np.uint8)
        for cell, factor in zip(cells.images, factors, strict=True)
    ]
