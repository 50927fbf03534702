"""How the things in a photo are told apart: each way has a word, a colour and a line of its own."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from normocyte.core.types import CellKind, Outcome
from normocyte.reports.drawing import theme
from normocyte.results.smear import Thing

_TURQUOISE, _BROWN = "#0f8f86", "#8a6d1f"


class Way(enum.StrEnum):
    """What a thing in a photo is to the reader."""

    SUSPICIOUS = "flagged"
    HEALTHY = "not flagged"
    NOT_COUNTED = "red cell, not counted"
    LEUCOCYTE = "white cell"
    PLATELET = "platelet"
    DEBRIS = "debris"
    ANNOTATION = "mark on the photo"


@dataclass(frozen=True, slots=True)
class Line:
    """Colour, whether it is thick, and whether it is in dashes, as around all that does not count."""

    colour: tuple[int, int, int]
    is_thick: bool = False
    is_dashed: bool = False


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour such as `#1f2430`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


LINES = {
    Way.SUSPICIOUS: Line(rgb(theme.ANOMALOUS), is_thick=True),
    Way.HEALTHY: Line(rgb(theme.HEALTHY)),
    Way.NOT_COUNTED: Line(rgb(theme.MUTED), is_dashed=True),
    Way.LEUCOCYTE: Line(rgb(theme.ACCENT), is_dashed=True),
    Way.PLATELET: Line(rgb(_TURQUOISE), is_dashed=True),
    Way.DEBRIS: Line(rgb(_BROWN), is_dashed=True),
    Way.ANNOTATION: Line(rgb(theme.INK), is_dashed=True),
}
_OF_KIND = {
    CellKind.LEUCOCYTE: Way.LEUCOCYTE,
    CellKind.PLATELET: Way.PLATELET,
    CellKind.DEBRIS: Way.DEBRIS,
    CellKind.ANNOTATION: Way.ANNOTATION,
}
_OF_OUTCOME = {
    Outcome.SUSPICIOUS: Way.SUSPICIOUS,
    Outcome.HEALTHY: Way.HEALTHY,
    Outcome.NOT_ASSESSABLE: Way.NOT_COUNTED,
}


def way_of(thing: Thing) -> Way:
    """How a thing is shown: by its kind, and a red cell by its verdict where it counts."""
    if thing.cell.kind in _OF_KIND:
        return _OF_KIND[thing.cell.kind]
    return _OF_OUTCOME[thing.verdict.outcome] if thing.is_counted else Way.NOT_COUNTED


def way_of_kind(kind: CellKind) -> Way:
    """How a thing is shown that was given no verdict."""
    return _OF_KIND.get(kind, Way.NOT_COUNTED)


def ways_of(things: Iterable[Thing]) -> Counter[Way]:
    """How many things there are of each."""
    return Counter(way_of(thing) for thing in things)
