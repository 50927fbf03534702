"""Finds the cells that two photos of a smear share, because the stage was hardly moved between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter
from scipy.spatial import KDTree

from normocyte.core.arrays import Numbers
from normocyte.core.types import CellKind
from normocyte.results.smear import PhotoResult

Places = npt.NDArray[np.float64]

_STEP, _NEAR, _EXACT = 0.2, 0.4, 0.2
"""In diameters: the grid of shifts, and how near cells must come before and after the shift is refined."""
_SAME_SIZE = 0.05
_FEWEST, _SHARE = 15, 0.5
_KINDS = frozenset({CellKind.RED_CELL, CellKind.OVERLAPPING, CellKind.BORDER})


@dataclass(frozen=True)
class Layout:
    """Where the red cells of a photo are: their centres (n, 2) and their places among its things (n,)."""

    centres: Places
    numbers: Numbers
    diameter_px: float

    @classmethod
    def of(cls, photo: PhotoResult) -> Layout:
        """The layout of a photo, with the cells that its border cuts."""
        numbers = [at for at, detection in enumerate(photo.detections) if detection.cell.kind in _KINDS]
        cells = [photo.detections[at].cell for at in numbers]
        middles = [(cell.x + cell.width / 2, cell.y + cell.height / 2) for cell in cells]
        return cls(np.array(middles).reshape(-1, 2), np.array(numbers, np.intp), photo.diameter_px)

    def shared(self, later: Layout) -> dict[int, int]:
        """Which cells of a later photo are cells of this one, by their places among the things of both.

        Nothing unless 15 cells, and half of those where the photos overlap, lie alike but for a shift, and
        for the scale where the diameters differ by more than 5 %: cells that lie at random do not. A photo
        that was turned is not recognised.
        """
        if min(len(self.numbers), len(later.numbers)) < _FEWEST or not later.diameter_px > 0:
            return {}
        scale = self.diameter_px / later.diameter_px
        own = later.centres * (1 if abs(scale - 1) < _SAME_SIZE else scale)
        moved = self._moved(own)
        here, there = self._pairs(moved, _EXACT)
        least = max(_FEWEST, _SHARE * min(_within(self.centres, moved), _within(moved, self.centres)))
        if len(here) < least:
            return {}
        return dict(zip(later.numbers[there].tolist(), self.numbers[here].tolist(), strict=True))

    def _moved(self, own: Places) -> Places:
        """The cells of the other photo where this one shows them, if the two overlap."""
        moved = own + self._shift(own)
        here, there = self._pairs(moved, _NEAR)
        if len(here) < _FEWEST:
            return moved
        terms = np.column_stack([own[there], np.ones(len(there))])
        fitted = np.linalg.lstsq(terms, self.centres[here])[0]
        return np.asarray(np.column_stack([own, np.ones(len(own))]) @ fitted, np.float64)

    def _shift(self, own: Places) -> Places:
        """The shift by which most cells fall on cells."""
        step = _STEP * self.diameter_px
        shifts = np.round((self.centres[:, None] - own[None]).reshape(-1, 2) / step).astype(np.intp)
        least = shifts.min(axis=0)
        size = np.ptp(shifts, axis=0) + 1
        places = np.ravel_multi_index(tuple((shifts - least).T), tuple(size))
        votes = np.bincount(places, minlength=int(size.prod())).reshape(size).astype(np.float64)
        best = np.unravel_index(np.argmax(uniform_filter(votes, 3, mode="constant")), votes.shape)
        return np.asarray((np.array(best) + least) * step, np.float64)

    def _pairs(self, moved: Places, near: float) -> tuple[Numbers, Numbers]:
        """Cells of both photos that are each other's nearest, within so many diameters."""
        distance, nearest = map(np.asarray, KDTree(self.centres).query(moved))
        back = np.asarray(KDTree(moved).query(self.centres)[1])
        there = np.arange(len(moved))
        is_pair = (distance <= near * self.diameter_px) & (back[nearest] == there)
        return nearest[is_pair].astype(np.intp), there[is_pair]


def _within(cells: Places, others: Places) -> int:
    """How many cells lie where the others do."""
    return int(np.all((cells >= others.min(axis=0)) & (cells <= others.max(axis=0)), axis=1).sum())
