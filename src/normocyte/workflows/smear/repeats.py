"""Counts once what several photos show: the same picture, or the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from normocyte.images.fingerprints import duplicates
from normocyte.results.cause import Cause, CauseCode
from normocyte.results.grade import Grade
from normocyte.results.smear import Detection, PhotoResult
from normocyte.results.verdict import Outcome
from normocyte.workflows.smear.judge import Judged
from normocyte.workflows.smear.overlap import Layout

_NEARLY_ALL = 0.8
"""A photo that shares so many of its cells with another is a copy of it, of another size or compression."""


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
