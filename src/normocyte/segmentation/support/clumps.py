"""Cuts clumps into cells: a watershed by steepest ascent, and the merging of what was cut too often."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Plane, Rows
from normocyte.segmentation.contract import Labels

_AROUND = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
_STEPS = [(0, 0), *_AROUND]
"""To a pixel itself and to its neighbours: of equally high ones the first is taken."""


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
    places = np.flatnonzero(inside)
    number = np.zeros(inside.size, np.int32)
    number[places] = np.arange(len(places), dtype=np.int32)
    above = number[places + _steps_up(np.where(inside, height, -np.inf).astype(np.float32)).take(places)]
    while not np.array_equal(further := above[above], above):
        above = further
    is_top = above == np.arange(len(places))
    labels = np.zeros(inside.size, np.int32)
    labels[places] = np.cumsum(is_top, dtype=np.int32)[above]
    return labels.reshape(inside.shape)


def _steps_up(height: Plane) -> Rows:
    """How far in the flat picture the highest of each pixel and its eight neighbours is; the first of equals."""
    rows, columns = height.shape
    framed = cv2.copyMakeBorder(height, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=-np.inf)
    best = cv2.dilate(framed, np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    rank = np.zeros(height.shape, np.uint8)
    for place, (down, right) in enumerate(_STEPS):
        other = framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        is_best = cv2.bitwise_and(cv2.compare(other, best, cv2.CMP_EQ), (len(_STEPS) - place,) * 4)
        cv2.max(rank, is_best, rank)
    steps = np.array([0, *(down * columns + right for down, right in reversed(_STEPS))], np.intp)
    return np.asarray(steps[rank].ravel())


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
    here, there = (labels[:-1], labels[1:]) if axis == 0 else (labels[:, :-1], labels[:, 1:])
    rows, columns = np.nonzero((here != there) & (np.minimum(here, there) > 0))
    first, second = here[rows, columns].astype(np.intp), there[rows, columns].astype(np.intp)
    beside = (rows + 1, columns) if axis == 0 else (rows, columns + 1)
    levels = np.minimum(height[rows, columns], height[beside])
    return np.minimum(first, second), np.maximum(first, second), levels, np.full(len(levels), axis)


def merged(labels: Labels, height: Plane, saddle: float, most: float, least: float) -> Labels:
    """The regions after joining, from the highest pass down, what a shallow valley divides.

    A pair is joined when the pass is at least `saddle` times as high as the lower top and both have at most
    `most` pixels together, or when one has fewer than `least`.
    """
    areas = np.bincount(labels.ravel())
    tops = np.zeros(len(areas), np.float32)
    places = np.flatnonzero(labels)
    np.maximum.at(tops, labels.ravel()[places], height.ravel()[places])
    found = borders(labels, height)
    is_used = areas > 0
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
    heads = np.array([_head(group, label) for label in range(len(group))])
    heads[~is_used] = 0
    return np.asarray(_numbers(heads)[labels])


def _head(group: Rows, label: int) -> int:
    while group[label] != label:
        label = int(group[label])
    return label


def _numbers(heads: Rows) -> Labels:
    """The numbers from 0 without gaps for labels that have these heads, in the order of the heads."""
    return np.unique(heads, return_inverse=True)[1].astype(np.int32)
