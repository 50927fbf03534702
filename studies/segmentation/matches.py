"""Matches the cells that were found with annotated boxes, one to one, the best overlap first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from normocyte.core.types import SegmentedCell
from normocyte.segmentation.boxes.box import Box

Edges = npt.NDArray[np.float64]
Overlaps = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def edges_of(boxes: Sequence[Box] | Sequence[SegmentedCell], margin: float = 0.0) -> Edges:
    """Left, top, right and bottom of each box, (n, 4), after growing it by a share of its sides."""
    sides = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    edges = np.array(sides, dtype=np.float64).reshape(-1, 4)
    grown = margin / 2 * (edges[:, 2:] - edges[:, :2])
    return np.hstack([edges[:, :2] - grown, edges[:, 2:] + grown])


def overlaps(first: Edges, second: Edges) -> Overlaps:
    """The intersection over union of each box with each, (n, m)."""
    low = np.maximum(first[:, np.newaxis, :2], second[np.newaxis, :, :2])
    high = np.minimum(first[:, np.newaxis, 2:], second[np.newaxis, :, 2:])
    both = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    return np.asarray(both / (areas[0][:, np.newaxis] + areas[1] - both))


def partners(shared: Overlaps) -> tuple[npt.NDArray[np.intp], Overlaps]:
    """Of each annotated box the found one that is matched with it, -1 without any, and their overlap."""
    left = shared.copy()
    partner, overlap = np.full(len(shared), -1), np.zeros(len(shared))
    while left.size and left.max() > 0:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        partner[row], overlap[row] = column, left[row, column]
        left[row] = left[:, column] = 0
    return partner, overlap


def without_doubles(boxes: Sequence[Box], alike: float = 0.8) -> list[Box]:
    """The boxes without those that lie on an earlier one."""
    shared = np.tril(overlaps(edges_of(boxes), edges_of(boxes)), -1)
    return [box for box, row in zip(boxes, shared, strict=True) if row.max(initial=0) <= alike]


def of_kind(cells: Sequence[SegmentedCell], kinds: Collection[str]) -> Flags:
    """Which of the cells are of one of these kinds."""
    return np.array([cell.kind in kinds for cell in cells], dtype=bool)
