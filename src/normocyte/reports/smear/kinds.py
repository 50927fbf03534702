"""How the things in a photo are told apart: each way has a word, a colour and a line of its own."""

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from normocyte.core.types import CellKind
from normocyte.reports.drawing import theme
from normocyte.reports.drawing.theme import rgb
from normocyte.results.smear import Detection
from normocyte.results.verdict import Outcome
from normocyte.wording.language import gettext, pgettext

_TURQUOISE, _BROWN = "#0f8f86", "#8a6d1f"


class DisplayClass(enum.StrEnum):
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


LINES = {
    DisplayClass.SUSPICIOUS: Line(rgb(theme.ANOMALOUS), is_thick=True),
    DisplayClass.HEALTHY: Line(rgb(theme.HEALTHY)),
    DisplayClass.NOT_COUNTED: Line(rgb(theme.MUTED), is_dashed=True),
    DisplayClass.LEUCOCYTE: Line(rgb(theme.ACCENT), is_dashed=True),
    DisplayClass.PLATELET: Line(rgb(_TURQUOISE), is_dashed=True),
    DisplayClass.DEBRIS: Line(rgb(_BROWN), is_dashed=True),
    DisplayClass.ANNOTATION: Line(rgb(theme.INK), is_dashed=True),
}
_OF_KIND = {
    CellKind.LEUCOCYTE: DisplayClass.LEUCOCYTE,
    CellKind.PLATELET: DisplayClass.PLATELET,
    CellKind.DEBRIS: DisplayClass.DEBRIS,
    CellKind.ANNOTATION: DisplayClass.ANNOTATION,
}
_OF_OUTCOME = {
    Outcome.SUSPICIOUS: DisplayClass.SUSPICIOUS,
    Outcome.HEALTHY: DisplayClass.HEALTHY,
    Outcome.NOT_ASSESSABLE: DisplayClass.NOT_COUNTED,
}


def name_of(way: DisplayClass) -> str:
    """What a thing is called in the language of the reader."""
    return {
        DisplayClass.SUSPICIOUS: pgettext("a cell", "flagged"),
        DisplayClass.HEALTHY: pgettext("a cell", "not flagged"),
        DisplayClass.NOT_COUNTED: gettext("red cell, not counted"),
        DisplayClass.LEUCOCYTE: gettext("white cell"),
        DisplayClass.PLATELET: gettext("platelet"),
        DisplayClass.DEBRIS: gettext("debris"),
        DisplayClass.ANNOTATION: gettext("mark on the photo"),
    }[way]


def way_of(detection: Detection) -> DisplayClass:
    """How a thing is shown: by its kind, and a red cell by its verdict where it counts."""
    if detection.cell.kind in _OF_KIND:
        return _OF_KIND[detection.cell.kind]
    return _OF_OUTCOME[detection.verdict.outcome] if detection.is_counted else DisplayClass.NOT_COUNTED


def way_of_kind(kind: CellKind) -> DisplayClass:
    """How a thing is shown that was given no verdict."""
    return _OF_KIND.get(kind, DisplayClass.NOT_COUNTED)


def ways_of(detections: Iterable[Detection]) -> Counter[DisplayClass]:
    """How many things there are of each."""
    return Counter(way_of(detection) for detection in detections)
