"""What each region is, by its size, shape, place and colour."""

import math
from dataclasses import dataclass

import numpy as np

from normocyte.core.types import CellKind, Flags
from normocyte.segmentation.support.colours import Colours
from normocyte.segmentation.support.regions import Outline, Window, solidity

_SMALLEST = 0.35
_LARGEST = 1.9
_PLATELET = 0.03
_FOREIGN_SHARE = 0.4
_LEAST_SOLID = 0.85
_DEBRIS_SOLID = 0.6
_OVERLAP = 0.8
_LEUCOCYTE = 1.7
_NUCLEUS = 1.65


@dataclass(frozen=True, slots=True)
class Region:
    """One region of a field: its mask in its window with its outline, and its longest border in pixels.

    The border is with a neighbour. `darkness` is how much green light its darker quarter takes away at least,
    in those of the usual cell. `is_blot` says that it is a blot of stain.
    """

    mask: Flags
    outline: Outline
    window: Window
    is_white: bool
    longest_border: float
    darkness: float
    is_blot: bool = False

    def is_at_edge(self, shape: tuple[int, int]) -> bool:
        """True when the field cuts it off."""
        rows, columns = self.window
        return bool(
            rows.start == 0 or columns.start == 0 or rows.stop == shape[0] or columns.stop == shape[1]
        )


def kind_of(region: Region, colours: Colours, diameter: float) -> tuple[CellKind, float]:
    """The kind of a region and how sure it is, `diameter` that of the usual red cell in pixels.

    A white cell is clearly larger than a red one, or has a dark nucleus: what has neither may be a red cell
    that a parasite fills. The second number is 0.5 where a measure lies at its limit and nears 1 with the
    square of their ratio; it is NaN for red cells, clumps and what the field cuts off.
    """
    size = np.count_nonzero(region.mask) / (np.pi / 4 * diameter**2)
    if region.is_blot:
        return CellKind.DEBRIS, math.nan
    white = max(size / _LEUCOCYTE, region.darkness / _NUCLEUS)
    if region.is_white and white >= 1:
        return CellKind.LEUCOCYTE, _certainty(white)
    if region.is_at_edge(colours.foreign.shape):
        return CellKind.BORDER, math.nan
    strange = colours.foreign[region.window] | colours.chromatin[region.window]
    foreign = np.count_nonzero(strange & region.mask) / np.count_nonzero(region.mask)
    if size < _SMALLEST:
        is_platelet = size >= _PLATELET and foreign >= _FOREIGN_SHARE
        stained = foreign / _FOREIGN_SHARE if is_platelet else math.inf
        kind = CellKind.PLATELET if is_platelet else CellKind.DEBRIS
        return kind, _certainty(min(_SMALLEST / size, stained))
    solid = solidity(region.mask, region.outline)
    if solid < _DEBRIS_SOLID and size > _LARGEST:
        return CellKind.DEBRIS, _certainty(min(_DEBRIS_SOLID / solid, size / _LARGEST))
    is_clump = size > _LARGEST or solid < _LEAST_SOLID or region.longest_border > _OVERLAP * diameter
    return (CellKind.OVERLAPPING if is_clump else CellKind.RED_CELL), math.nan


def _certainty(ratio: float) -> float:
    """0.5 for a measure at its limit, nearer to 1 the further it is beyond."""
    return float(1 - 0.5 / max(ratio, 1.0) ** 2)
