"""Cuts clumps into cells: a watershed by steepest ascent, and the merging of what was cut too often."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Image8, Plane, Rows
from normocyte.segmentation.contract import Labels
from normocyte.segmentation.support.regions import Runs

_AROUND = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
_STEPS = [*reversed(_AROUND), (0, 0)]
"""To the neighbours of a pixel and to itself: of equally high ones the last is taken."""


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
    number = np.zeros(inside.size, np.intp)
    number[places] = np.arange(len(places))
    steps, ranks = _steps_up(np.where(inside, height, -np.inf).astype(np.float32))
    above = number[places + steps[ranks.ravel()[places]]]
    while not np.array_equal(further := above.take(above), above):
        above = further
    labels = np.zeros(inside.size, np.int32)
    labels[places] = np.cumsum(above == np.arange(len(places)), dtype=np.int32)[above]
    return labels.reshape(inside.shape)


def _steps_up(height: Plane) -> tuple[Rows, Image8]:
    """Steps in the flat picture from a pixel to its neighbours and itself, and which leads to the highest.

    Of equally high neighbours the first is taken, and none where the pixel is as high.
    """
    rows, columns = height.shape
    framed = cv2.copyMakeBorder(height, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=-np.inf)
    best = cv2.dilate(framed, np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    ranks = np.zeros(height.shape, np.uint8)
    for rank, (down, right) in enumerate(_STEPS):
        other = framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        is_best = np.asarray(cv2.compare(other, best, cv2.CMP_EQ), np.uint8)
        np.maximum(ranks, np.minimum(is_best, rank), out=ranks)
    return np.array([down * columns + right for down, right in _STEPS]), ranks


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
    flat, levels, width = labels.ravel(), height.ravel(), labels.shape[1]
    step = width if axis == 0 else 1
    places = np.flatnonzero(flat[:-step] != flat[step:])
    if axis:
        places = places[places % width != width - 1]
    one, other = flat[places].astype(np.intp), flat[places + step].astype(np.intp)
    is_border = (one > 0) & (other > 0)
    one, other, places = one[is_border], other[is_border], places[is_border]
    lower = np.minimum(levels[places], levels[places + step])
    return np.minimum(one, other), np.maximum(one, other), lower, np.full(len(places), axis)


def merged(labels: Labels, height: Plane, saddle: float, most: float, least: float) -> Labels:
    """The regions after joining, from the highest pass down, what a shallow valley divides.

    A pair is joined when the pass is at least `saddle` times as high as the lower top and both have at most
    `most` pixels together, or when one has fewer than `least`.
    """
    runs = Runs.of(labels)
    areas, tops, found = runs.areas, runs.highest(height), borders(labels, height)
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
