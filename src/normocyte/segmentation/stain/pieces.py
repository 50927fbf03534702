"""Pieces that are no cells of their own: halves of one cell, and parts of a blot of stain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.types import Flags, Numbers
from normocyte.segmentation.contract import Labels
from normocyte.segmentation.stain.shapes import Shape
from normocyte.segmentation.support.clumps import borders
from normocyte.segmentation.support.regions import Runs, Window

_LEAST_BORDER = 0.5
_ONE_CELL, _LARGEST = 2.4, 1.9
_WHOLE_SOLID, _WHOLE_ROUND, _WHOLE_SMOOTH = 0.95, 0.8, 1.07
_HALF_ROUND = 0.72
_STAINED = 0.5
_LONG = 1.8
_BLOT_ROUND, _BLOT_SOLID = 0.65, 0.9
_RAGGED, _RAGGED_SOLID = 1.15, 0.85
_SMALLEST = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class _Windows:
    """Numbered regions with the smallest window around each."""

    labels: Labels
    windows: list[Window]

    @classmethod
    def of(cls, labels: Labels) -> _Windows:
        return cls(labels, Runs.of(labels).windows)

    def shape(self, *numbers: int) -> Shape:
        """The shape of some regions taken together."""
        rows, columns = zip(*(self.windows[number - 1] for number in numbers), strict=True)
        window = _around(rows), _around(columns)
        return Shape.of(np.isin(self.labels[window], numbers))

    def side(self, *numbers: int) -> int:
        """The longer side of the window around some regions, which no circle around them is narrower than."""
        parts = zip(*(self.windows[number - 1] for number in numbers), strict=True)
        return max(int(whole.stop - whole.start) for whole in map(_around, parts))


def _around(parts: tuple[slice, ...]) -> slice:
    return slice(min(part.start for part in parts), max(part.stop for part in parts))


def whole_cells(labels: Labels, diameter: float, first: int = 1) -> Labels:
    """The regions after joining two halves that have one rim.

    Two regions are one cell when they share a border of half a diameter at least, are together no larger than
    the largest red cell, round, and convex without a notch, and one of them is not round by itself. Regions
    below the number `first` stay as they are; a number that is joined to another is no longer used.
    """
    cell = np.pi / 4 * diameter**2
    runs = Runs.of(labels)
    areas = runs.areas
    found = borders(labels, np.zeros(labels.shape, np.float32))
    group = np.arange(len(areas))
    joined: set[int] = set()
    regions = _Windows(labels, runs.windows)
    for row in np.argsort(-found.length, kind="stable"):
        one, other = int(found.first[row]), int(found.second[row])
        if found.length[row] < _LEAST_BORDER * diameter:
            break
        area = areas[one] + areas[other]
        is_round = area >= _WHOLE_ROUND * np.pi / 4 * regions.side(one, other) ** 2
        if not is_round or area > _ONE_CELL * cell or one < first or {one, other} & joined:
            continue
        if _is_one(regions, one, other):
            group[other] = one
            joined |= {one, other}
    return np.asarray(group[labels], np.int32) if joined else labels


def _is_one(regions: _Windows, one: int, other: int) -> bool:
    whole = regions.shape(one, other)
    is_whole = (
        whole.solidity >= _WHOLE_SOLID
        and whole.roundness >= _WHOLE_ROUND
        and whole.raggedness <= _WHOLE_SMOOTH
    )
    return is_whole and min(regions.shape(one).roundness, regions.shape(other).roundness) < _HALF_ROUND


def blots_in(labels: Labels, strange: Flags, diameter: float, first: int) -> tuple[Labels, Numbers]:
    """The regions, where the parts of a blot are one region, and the numbers of the blots.

    `strange` says where the colour is not that of red cells. A region from the number `first` up is part of a
    blot when half of it is strange and it is ragged, or larger than any red cell, or lies in a strange patch
    longer than any red cell and is not round itself: a red cell that a parasite fills is round, or smooth.
    """
    cell = np.pi / 4 * diameter**2
    runs = Runs.of(labels)
    areas = runs.areas
    stained = np.bincount(labels[strange], minlength=len(areas)) >= _STAINED * areas
    stained[:first] = False
    numbers = np.flatnonzero(stained & (areas >= _SMALLEST * cell))
    if not len(numbers):
        return labels, np.empty(0, np.intp)
    long = _in_long_patch(labels, strange, numbers, _LONG * diameter)
    regions = _Windows(labels, runs.windows)
    parts = [number for number in map(int, numbers) if _is_part(regions.shape(number), number in long, cell)]
    if not parts:
        return labels, np.empty(0, np.intp)
    _, blots = cv2.connectedComponents(np.isin(labels, parts).astype(np.uint8), connectivity=4)
    highest = int(labels.max())
    numbered = np.where(blots > 0, blots + highest, labels).astype(np.int32)
    return numbered, highest + np.arange(1, blots.max() + 1)


def _is_part(shape: Shape, is_in_long: bool, cell: float) -> bool:
    is_ragged = shape.raggedness > _RAGGED and shape.solidity < _RAGGED_SOLID
    is_round = shape.roundness >= _BLOT_ROUND and shape.solidity >= _BLOT_SOLID
    largest = _ONE_CELL if is_round else _LARGEST
    return is_ragged or shape.area > largest * cell or (is_in_long and not is_round)


def _in_long_patch(labels: Labels, strange: Flags, numbers: Numbers, least: float) -> set[int]:
    """Which regions hold a piece of a strange patch that is so many pixels long."""
    patches = _Windows.of(np.asarray(cv2.connectedComponents(strange.astype(np.uint8))[1], np.int32))
    found: set[int] = set()
    for patch in np.unique(patches.labels[np.isin(labels, numbers) & strange]):
        if patches.shape(int(patch)).length >= least:
            found |= set(np.unique(labels[patches.labels == patch]).tolist())
    return found
