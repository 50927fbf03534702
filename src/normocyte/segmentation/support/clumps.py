"""Cuts clumps into cells: a watershed by steepest ascent, and the merging of what was cut too often."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Plane, Rows
from normocyte.segmentation.contract import Labels

_STEPS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]


@dataclass(frozen=True, slots=True)
class Borders:
    """Pairs of labels that touch, the first lower, with the highest point and the length of their border."""

    first: Rows
    second: Rows
    height: Plane
    length: npt.NDArray[np.float64]


def basins(height: Plane, inside: Flags) -> Labels:
    """Each pixel inside gets the number of the top that steepest ascent leads to, 1 and up; 0 outside.

    The watershed transform by hill climbing (Roerdink & Meijster, Fundam. Inform. 41 (2000) 187): each pixel
    points at its highest neighbour, and the pointers are followed by doubling.
    """
    above = _highest_neighbours(np.where(inside, height, -np.inf).astype(np.float32))
    places = np.flatnonzero(inside)
    reached = above[places]
    while True:
        above[places] = above[reached]
        further = above[places]
        if np.array_equal(further, reached):
            break
        reached = further
    labels = np.zeros(inside.size, np.int32)
    tops = places[reached == places]
    labels[tops] = np.arange(1, len(tops) + 1)
    labels[places] = labels[reached]
    return labels.reshape(inside.shape)


def _highest_neighbours(height: Plane) -> Rows:
    """The flat place of the highest of each pixel and its eight neighbours."""
    rows, columns = height.shape
    framed = cv2.copyMakeBorder(height, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=-np.inf)
    best = height.copy()
    step = np.zeros(height.shape, np.int32)
    for down, right in _STEPS:
        other = framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        np.copyto(step, down * columns + right, where=other > best)
        np.maximum(best, other, out=best)
    return np.arange(height.size, dtype=np.intp) + step.ravel()


def borders(labels: Labels, height: Plane) -> Borders:
    """Where regions touch by a side of a pixel."""
    sides = [_touching(labels, height, axis) for axis in (0, 1)]
    first, second, level, axis = (np.concatenate(part) for part in zip(*sides, strict=True))
    order = np.lexsort((-level, second, first))
    first, second, level, axis = first[order], second[order], level[order], axis[order]
    is_new = np.ones(len(first), bool)
    is_new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    pair = np.cumsum(is_new) - 1
    steps = [np.bincount(pair[axis == side], minlength=int(is_new.sum())) for side in (0, 1)]
    return Borders(first[is_new], second[is_new], level[is_new], np.hypot(*steps))


def _touching(labels: Labels, height: Plane, axis: int) -> tuple[Rows, Rows, Plane, Rows]:
    ends = labels.shape[axis] - 1
    here, there = labels.take(range(ends), axis), labels.take(range(1, ends + 1), axis)
    is_border = (here != there) & (here > 0) & (there > 0)
    levels = np.minimum(height.take(range(ends), axis), height.take(range(1, ends + 1), axis))[is_border]
    pair = here[is_border].astype(np.intp), there[is_border].astype(np.intp)
    return np.minimum(*pair), np.maximum(*pair), levels, np.full(len(levels), axis)


def merged(labels: Labels, height: Plane, saddle: float, most: float, least: float) -> Labels:
    """The regions after joining, from the highest pass down, what a shallow valley divides.

    A pair is joined when the pass is at least `saddle` times as high as the lower top and both have at most
    `most` pixels together, or when one has fewer than `least`.
    """
    areas = np.bincount(labels.ravel())
    tops = np.zeros(len(areas), np.float32)
    np.maximum.at(tops, labels[labels > 0], height[labels > 0])
    found = borders(labels, height)
    group = np.arange(len(tops))
    for row in np.argsort(-found.height, kind="stable"):
        one, other = (_head(group, int(pair[row])) for pair in (found.first, found.second))
        if one == other:
            continue
        low, high = sorted((one, other), key=lambda label: tops[label])
        is_shallow = found.height[row] >= saddle * tops[low] and areas[low] + areas[high] <= most
        if is_shallow or min(areas[low], areas[high]) < least:
            group[low] = high
            areas[high] += areas[low]
    return renumbered(np.array([_head(group, label) for label in range(len(group))])[labels])


def _head(group: Rows, label: int) -> int:
    while group[label] != label:
        label = int(group[label])
    return label


def renumbered(labels: Labels) -> Labels:
    """The same regions, numbered without gaps; 0 stays 0."""
    used = np.unique(np.append(0, labels))
    lookup = np.zeros(int(used[-1]) + 1, np.int32)
    lookup[used] = np.arange(len(used))
    return lookup[labels]
