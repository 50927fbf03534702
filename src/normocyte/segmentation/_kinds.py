"""What each region is, by its size, shape, place and colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.types import CellKind
from normocyte.segmentation._base import Flags
from normocyte.segmentation._colours import Colours

_SMALLEST = 0.35
_LARGEST = 1.9
_PLATELET = 0.03
_FOREIGN_SHARE = 0.4
_LEAST_SOLID = 0.85
_DEBRIS_SOLID = 0.6
_OVERLAP = 0.8


@dataclass(frozen=True, slots=True)
class Region:
    """One region of a field: its mask in its window, and the longest border with a neighbour in pixels."""

    mask: Flags
    window: tuple[slice, slice]
    is_white: bool
    longest_border: float

    def is_at_edge(self, shape: tuple[int, int]) -> bool:
        """True when the field cuts it off."""
        rows, columns = self.window
        return bool(
            rows.start == 0 or columns.start == 0 or rows.stop == shape[0] or columns.stop == shape[1]
        )


def kind_of(region: Region, colours: Colours, diameter: float) -> CellKind:
    """The kind of a region, `diameter` that of the usual red cell in pixels."""
    size = region.mask.sum() / (np.pi / 4 * diameter**2)
    if region.is_white:
        return CellKind.LEUCOCYTE
    if region.is_at_edge(colours.foreign.shape):
        return CellKind.BORDER
    foreign = float(np.mean((colours.foreign | colours.chromatin)[region.window][region.mask]))
    if size < _SMALLEST:
        is_platelet = size >= _PLATELET and foreign >= _FOREIGN_SHARE
        return CellKind.PLATELET if is_platelet else CellKind.DEBRIS
    solidity = _solidity(region.mask)
    if solidity < _DEBRIS_SOLID:
        return CellKind.DEBRIS
    is_clump = size > _LARGEST or solidity < _LEAST_SOLID or region.longest_border > _OVERLAP * diameter
    return CellKind.OVERLAPPING if is_clump else CellKind.RED_CELL


def _solidity(mask: Flags) -> float:
    """The share of the convex hull that is mask."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=len)
    hull = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(outline), 1)
    return float(mask.sum() / max(int(hull.sum()), 1))
