"""Which red cells lie under one blot of stain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.types import Flags, Image8, SegmentedCell
from normocyte.segmentation.contract import Labels
from normocyte.segmentation.stain.odd import odd_stain
from normocyte.segmentation.stain.shapes import Shape
from normocyte.segmentation.support.colours import light_left
from normocyte.segmentation.support.light import absorbed

_DETAIL = 36
_BEYOND = 0.03
_GAP = 0.2
_LEAST, _MOSTLY = 0.02, 0.5
_FULL, _ROUND, _FRINGE = 0.75, 0.72, 0.25


def under_blots(
    pixels: Image8, red: Mapping[int, SegmentedCell], asked: Sequence[int], diameter: float
) -> list[list[int]]:
    """The cells asked for that lie under each blot of a photo, (height, width, 3) uint8 RGB, by their keys.

    `red` are all red cells of the photo by their keys, from 0 up; `diameter` is that of the usual one in
    pixels. A blot is a patch of odd stain (see `odd_stain`) that lies beyond one red cell, on glass or in a
    second cell, with what is within a fifth of a diameter of it. A cell lies under it when half of its own
    odd stain belongs to the blot. Stain that fills round cells which touch is no blot.
    """
    return _Patches.of(pixels, red, diameter).groups(asked)


@dataclass(frozen=True)
class _Patches:
    """Patches of odd stain on a copy of a photo, and which red cell (place + 1) is where; 0 elsewhere."""

    odd: Flags
    cells: Labels
    diameter: float

    @classmethod
    def of(cls, pixels: Image8, red: Mapping[int, SegmentedCell], diameter: float) -> _Patches:
        height, width = pixels.shape[:2]
        shrink = min(1.0, _DETAIL / diameter)
        size = max(1, round(shrink * width)), max(1, round(shrink * height))
        large = np.zeros((height, width), np.int32)
        for place, cell in red.items():
            large[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width][cell.mask] = place + 1
        small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        cells = np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_NEAREST), np.int32)
        diameter *= size[0] / width
        return cls(odd_stain(light_left(absorbed(small)), cells > 0, diameter), cells, diameter)

    def groups(self, asked: Sequence[int]) -> list[list[int]]:
        """The cells asked for under each blot."""
        blots = self._blots()
        found: dict[int, list[int]] = defaultdict(list)
        for place in asked:
            own = blots[(self.cells == place + 1) & self.odd]
            if len(own) and (number := _mostly(own)) and len(own) >= _LEAST * self.diameter**2:
                found[number].append(place)
        return list(found.values())

    def _blots(self) -> Labels:
        """The numbers of the blots where they are, with what is near them; 0 elsewhere."""
        pieces = _pieces_of(self.odd)
        free = np.zeros(int(pieces.max()) + 1, np.bool_)
        free[self._beyond(pieces)] = True
        radius = max(1, round(_GAP * self.diameter))
        brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        reach = cv2.dilate(free[pieces].astype(np.uint8), brush) > 0
        blots = _pieces_of(reach | self.odd)
        is_blot = np.zeros(int(blots.max()) + 1, np.bool_)
        is_blot[np.unique(blots[reach])] = True
        return np.where(is_blot[blots], blots, 0).astype(np.int32)

    def _beyond(self, pieces: Labels) -> list[int]:
        """The pieces that lie beyond one cell, and beyond all cells that they fill and that are round."""
        one = np.pi / 4 * self.diameter**2
        filled = self._filled()
        found = []
        for piece, inside in _shared(pieces, self.cells).items():
            own = filled & set(inside)
            held = [inside[cell] for cell in own] or [max(inside[cell] if cell else 0 for cell in inside)]
            if sum(inside.values()) - sum(held) >= (_BEYOND + _FRINGE * len(own)) * one:
                found.append(piece)
        return found

    def _filled(self) -> set[int]:
        """The cells that are odd all over, and as round as a red cell."""
        areas = np.bincount(self.cells.ravel())
        odd = np.bincount(self.cells[self.odd], minlength=len(areas))
        full = np.flatnonzero((odd >= _FULL * areas) & (areas > 0))
        shapes = {cell: Shape.of(self.cells == cell) for cell in map(int, full) if cell}
        return {cell for cell, shape in shapes.items() if shape.roundness >= _ROUND}


def _shared(pieces: Labels, cells: Labels) -> dict[int, dict[int, int]]:
    """How many pixels each piece has in each cell."""
    inside = pieces > 0
    kinds = int(cells.max()) + 1
    pairs, counts = np.unique(pieces[inside].astype(np.int64) * kinds + cells[inside], return_counts=True)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        found[pair // kinds][pair % kinds] = count
    return found


def _mostly(numbers: Labels) -> int:
    """The number that half of the pixels have, 0 where none has."""
    values, counts = np.unique(numbers, return_counts=True)
    return int(values[counts.argmax()]) if counts.max() >= _MOSTLY * len(numbers) else 0


def _pieces_of(mask: Flags) -> Labels:
    """The connected parts of a mask, numbered from 1."""
    return np.asarray(cv2.connectedComponents(mask.astype(np.uint8))[1], np.int32)
