"""Which fault of a photo is to be named first: that which brings the others about."""

from collections.abc import Sequence

from normocyte.photo_checks.contract import Measure
from normocyte.results.verdict import Cause, CauseCode

_FIRST = (
    ("burnt", "high"),
    ("brightness", "low"),
    ("black", "high"),
    ("circles", "low"),
    ("sizes", "high"),
    ("cells", "low"),
    ("coverage", "low"),
    ("sharpness", "low"),
    ("grid", "high"),
    ("pattern", "high"),
    ("unevenness", "high"),
    ("found", "low"),
)
_LIGHT = {"burnt": 0.0, "black": 0.5}
"""From these values on, what makes a photo unusable explains all else: white and black hide it."""
_OF_A_GRID = frozenset({"pattern", "sharpness", "grain", "circles", "sizes", "found"})
_OF_NO_THIN_FILM = frozenset({"circles", "sizes", "found"})
_MANY = 3


def by_cause(bad: Sequence[Measure]) -> list[Measure]:
    """The measures that make a photo unusable, causes before what follows from them."""
    return sorted(bad, key=_place)


def headline(bad: Sequence[Measure], count: int) -> Cause | None:
    """What many faults together say of a photo of which `count` measures were taken; None for few.

    None either where too much or too little light explains them, or the grid of a screen.
    """
    names = {measure.name for measure in bad}
    apart = len(names - _OF_A_GRID) if "grid" in names else len(bad)
    if apart < _MANY or any(measure.value > _LIGHT.get(measure.name, float("inf")) for measure in bad):
        return None
    code = CauseCode.NO_THIN_FILM if names & _OF_NO_THIN_FILM else CauseCode.NO_FIELD
    return Cause(code, value=len(bad), of=count)


def _place(measure: Measure) -> int:
    side = "low" if measure.value < measure.usable[0] else "high"
    fault = (measure.name, side)
    return _FIRST.index(fault) if fault in _FIRST else len(_FIRST)
