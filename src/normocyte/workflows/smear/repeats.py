"""Counts once what several photos show: the same picture, or the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from normocyte.core.types import Outcome
from normocyte.images.fingerprints import duplicates
from normocyte.results.smear import PhotoFound, Thing
from normocyte.workflows.smear.judge import Judged
from normocyte.workflows.smear.overlap import Layout

BEFORE = "counted before"
_NEARLY_ALL = 0.8
"""A photo that shares so many of its cells with another is a copy of it, of another size or compression."""


def without_repeats(judged: Sequence[Judged]) -> list[Judged]:
    """The same photos, where one that shows what came before counts no cells, or only its others."""
    return _each_cell_once(_each_picture_once(judged))


def _each_picture_once(judged: Sequence[Judged]) -> list[Judged]:
    """A photo whose pixels came before counts no cells."""
    read = [place for place, one in enumerate(judged) if one.digest]
    pairs = duplicates([judged[place].digest for place in read])
    first = {read[later]: judged[read[earlier]] for later, earlier in pairs}
    return [
        _again(one, f"The same picture as {first[place].photo.name}") if place in first else one
        for place, one in enumerate(judged)
    ]


def _each_cell_once(judged: Sequence[Judged]) -> list[Judged]:
    """A cell that counts in an earlier photo does not count in a later one."""
    once: list[Judged] = []
    seen: list[tuple[PhotoFound, Layout]] = []
    for one in judged:
        kept = one
        layout = Layout.of(one.photo)
        for photo, earlier in seen if one.photo.cells else ():
            kept = _less(kept, photo, earlier.shared(layout))
        once.append(kept)
        if kept.photo.cells:
            seen.append((kept.photo, layout))
    return once


def _less(one: Judged, first: PhotoFound, shared: dict[int, int]) -> Judged:
    """The photo without those of the shared cells that count in the first."""
    gone = {at for at, before in shared.items() if first.things[before].is_counted}
    gone &= {at for at, thing in enumerate(one.photo.things) if thing.is_counted}
    if not gone:
        return one
    if len(gone) >= _NEARLY_ALL * one.photo.cells:
        return _again(one, f"It shows the same cells as {first.name}")
    said = f"{len(gone):,} of its cells are seen in {first.name}, too, and counted there."
    things = tuple(
        _elsewhere(thing, first) if at in gone else thing for at, thing in enumerate(one.photo.things)
    )
    photo = replace(one.photo, things=things, reasons=(*one.photo.reasons, said))
    return replace(one, photo=photo, suspects=tuple(s for s in one.suspects if s.number - 1 not in gone))


def _elsewhere(thing: Thing, first: PhotoFound) -> Thing:
    verdict = replace(
        thing.verdict,
        outcome=Outcome.NOT_ASSESSABLE,
        reason=f"counted in another photo ({first.name})",
    )
    return Thing(thing.cell, verdict, is_counted=False)


def _again(one: Judged, said: str) -> Judged:
    """A photo whose cells are counted elsewhere."""
    reasons = (f"{said}, whose cells are counted there.",)
    photo = replace(one.photo, grade=BEFORE, reasons=reasons, things=())
    return Judged(photo, one.digest)
