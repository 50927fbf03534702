"""Counts once what several photos show: the same picture, or the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from normocyte.core.types import CellKind, Numbers
from normocyte.images.fingerprints import duplicates
from normocyte.results.smear import Detection, PhotoResult
from normocyte.results.verdict import Cause, CauseCode, Grade, Outcome
from normocyte.workflows.smear.judge import Judged

_NEARLY_ALL = 0.8
"""A photo that shares so many of its cells with another is a copy of it, of another size or compression."""
Places = npt.NDArray[np.float64]

_STEP, _NEAR, _EXACT = 0.2, 0.4, 0.2
"""In diameters: the grid of shifts, and how near cells must come before and after the shift is refined."""
_SAME_SIZE = 0.05
_FEWEST, _SHARE = 15, 0.5
_KINDS = frozenset({CellKind.RED_CELL, CellKind.OVERLAPPING, CellKind.BORDER})


def without_repeats(judged: Sequence[Judged]) -> list[Judged]:
    """The same photos, where one that shows what came before counts no cells, or only its others."""
    return _each_cell_once(_each_picture_once(judged))


def _each_picture_once(judged: Sequence[Judged]) -> list[Judged]:
    """A photo whose pixels came before counts no cells."""
    read = [index for index, one in enumerate(judged) if one.digest]
    pairs = duplicates([judged[place].digest for place in read])
    first = {read[later]: judged[read[earlier]] for later, earlier in pairs}
    return [
        _again(one, CauseCode.SAME_PICTURE, first[index].photo) if index in first else one
        for index, one in enumerate(judged)
    ]


def _each_cell_once(judged: Sequence[Judged]) -> list[Judged]:
    """A cell that counts in an earlier photo does not count in a later one."""
    once: list[Judged] = []
    seen: list[tuple[PhotoResult, Layout]] = []
    for one in judged:
        kept = one
        layout = Layout.of(one.photo)
        for photo, earlier in seen if one.photo.cells else ():
            kept = _less(kept, photo, earlier.shared(layout))
        once.append(kept)
        if kept.photo.cells:
            seen.append((kept.photo, layout))
    return once


def _less(one: Judged, first: PhotoResult, shared: dict[int, int]) -> Judged:
    """The photo without those of the shared cells that count in the first."""
    gone = {at for at, before in shared.items() if first.detections[before].is_counted}
    gone &= {at for at, detection in enumerate(one.photo.detections) if detection.is_counted}
    if not gone:
        return one
    if len(gone) >= _NEARLY_ALL * one.photo.cells:
        return _again(one, CauseCode.SAME_CELLS, first)
    cause = Cause(CauseCode.CELLS_SEEN_BEFORE, value=len(gone), detail=first.name)
    detections = tuple(
        _elsewhere(detection, first) if at in gone else detection
        for at, detection in enumerate(one.photo.detections)
    )
    photo = replace(one.photo, detections=detections, causes=(*one.photo.causes, cause))
    return replace(one, photo=photo, suspects=tuple(s for s in one.suspects if s.number - 1 not in gone))


def _elsewhere(detection: Detection, first: PhotoResult) -> Detection:
    cause = Cause(CauseCode.COUNTED_ELSEWHERE, detail=first.name)
    verdict = replace(detection.verdict, outcome=Outcome.NOT_ASSESSABLE, cause=cause)
    return Detection(detection.cell, verdict, is_counted=False)


def _again(one: Judged, code: CauseCode, first: PhotoResult) -> Judged:
    """A photo whose cells are counted in a first one."""
    causes = (Cause(code, detail=first.name),)
    photo = replace(one.photo, grade=Grade.COUNTED_BEFORE, causes=causes, detections=())
    return Judged(photo, one.digest)


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
        votes = np.bincount(places, minlength=int(size.prod())).reshape(size)
        for axis in (0, 1):  # with the votes for the shifts beside it
            before, after = (np.roll(votes, step, axis) for step in (1, -1))
            votes = votes + before + after
        best = np.unravel_index(np.argmax(votes), votes.shape)
        return np.asarray((np.array(best) + least) * step, np.float64)

    def _pairs(self, moved: Places, near: float) -> tuple[Numbers, Numbers]:
        """Cells of both photos that are each other's nearest, within so many diameters."""
        down, right = (np.subtract.outer(self.centres[:, axis], moved[:, axis]) for axis in (0, 1))
        apart = np.square(down) + np.square(right)
        nearest, back, there = apart.argmin(axis=0), apart.argmin(axis=1), np.arange(len(moved))
        is_near = apart[nearest, there] <= (near * self.diameter_px) ** 2
        is_pair = is_near & (back[nearest] == there)
        return nearest[is_pair], there[is_pair]


def _within(cells: Places, others: Places) -> int:
    """How many cells lie where the others do."""
    return int(np.all((cells >= others.min(axis=0)) & (cells <= others.max(axis=0)), axis=1).sum())
