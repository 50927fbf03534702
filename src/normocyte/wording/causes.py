"""The sentence of a cause: the only place where causes become English."""

import math
from collections.abc import Callable, Sequence

from normocyte.results.verdict import Cause
from normocyte.results.verdict import CauseCode as Code

Limits = tuple[float, float]

Words = Callable[[Cause], str]


def sentence(cause: Cause | None) -> str:
    """A cause in words, with its numbers; nothing for none."""
    return SENTENCES[cause.code](cause) if cause else ""


def sentences(causes: Sequence[Cause]) -> list[str]:
    """Each cause in words."""
    return [sentence(cause) for cause in causes]


def short(cause: Cause) -> str:
    """A cause of a cell in a few words without numbers, for a list of how many have which."""
    return _SHORT.get(cause.code, sentence)(cause)


def healthy_range(limits: Limits, digits: int = 3) -> str:
    """From where to where a measure of a cell passes."""
    low, high = limits
    return f"{low:.{digits}g} to {high:.{digits}g}" if math.isfinite(high) else f"{low:.{digits}g} and more"


def _refused(cause: Cause) -> str:
    """What a check found, with so many digits that the value is seen to lie beyond the limits."""
    value, limits = cause.value, cause.limits
    digits = next((more for more in range(3, 9) if _is_seen(value, limits, more)), 9)
    span = healthy_range(limits, digits)
    return f"{cause.detail} ({cause.measure} {value:.{digits}g}, healthy cells {span})"


def _is_seen(value: float, limits: Limits, digits: int) -> bool:
    low, high = (float(f"{end:.{digits}g}") for end in limits)
    return not low <= float(f"{value:.{digits}g}") <= high


def _measured(cause: Cause, name: str) -> str:
    """The words of a check, with the value of its measure and the range of this name."""
    words, value = cause.detail, f"{cause.measure} {_number(cause.value)}"
    return f"{words[:1].upper()}{words[1:]} ({value}, {name} {_span(cause.limits)})."


def _no_field(cause: Cause) -> str:
    return f"It does not look like a field of blood, by {cause.value:.0f} of {cause.of} measures"


def _few_judged(cause: Cause) -> str:
    some = f"Only {cause.value:,.0f}" if cause.value else "None"
    why = cause.inner
    example = _refused(why) if why and why.code is Code.UNLIKE_HEALTHY else sentence(why)
    return f"{some} of {cause.of:,} red cells could be judged; most others were refused: {example}."


def _span(limits: Limits) -> str:
    low, high = limits
    if low <= 0:
        return f"up to {_number(high)}"
    return f"{_number(low)} to {_number(high)}" if math.isfinite(high) else f"from {_number(low)}"


def _number(value: float) -> str:
    """Three digits that count, without an exponent."""
    return f"{float(f'{value:.3g}'):,.6f}".rstrip("0").rstrip(".")


def _detail(cause: Cause) -> str:
    """What the part that found it says, as it is."""
    return cause.detail


SENTENCES: dict[Code, Words] = {
    Code.UNLIKE_HEALTHY: lambda cause: f"unlike the healthy cells of the training: {_refused(cause)}",
    Code.PERHAPS_A_PHOTO: lambda cause: (
        f"{sentence(cause.inner)}; a picture of {cause.limits[0]:.0f} x {cause.limits[1]:.0f} pixels may be "
        "a photo of a smear, in which 'normocyte smear' finds the cells"
    ),
    Code.NOT_PREPARED: _detail,
    Code.NOTHING_LEFT: lambda _: "no pixel of the cell is left after preprocessing",
    Code.NO_NUMBER: lambda _: (
        "the detector gave values that are no numbers for this cell; check the image, or train again"
    ),
    Code.MAP_NOT_FINITE: lambda cause: (
        f"{cause.detail}: {cause.value:.0f} values of its map are no finite numbers; check the bundle's "
        "detector."
    ),
    Code.OTHER_KIND: _detail,
    Code.UNDER_ANNOTATION: lambda _: "is under a burned-in bar or text",
    Code.UNDER_BLOT: lambda _: "under the blot of another finding (the cell with the highest score counts)",
    Code.COUNTED_ELSEWHERE: lambda cause: f"counted in another photo ({cause.detail})",
    Code.NOT_READ: _detail,
    Code.OUTSIDE_USABLE: lambda cause: _measured(cause, "usable"),
    Code.OUTSIDE_GOOD: lambda cause: _measured(cause, "good"),
    Code.NO_FIELD: lambda cause: f"{_no_field(cause)}; photograph a thin blood film.",
    Code.NO_THIN_FILM: lambda cause: (
        f"{_no_field(cause)}: this is no thin film; photograph the thin part of the smear."
    ),
    Code.PARTS_UNUSABLE: lambda cause: (
        f"{cause.value:.0f} of {cause.of} parts of this photo would be unusable alone: "
        f"{sentence(cause.inner)}"
    ),
    Code.FEW_JUDGED: lambda cause: _few_judged(cause),
    Code.BOXES_LEFT_OUT: _detail,
    Code.SAME_PICTURE: lambda cause: f"The same picture as {cause.detail}, whose cells are counted there.",
    Code.SAME_CELLS: lambda cause: (
        f"It shows the same cells as {cause.detail}, whose cells are counted there."
    ),
    Code.CELLS_SEEN_BEFORE: lambda cause: (
        f"{cause.value:,.0f} of its cells are seen in {cause.detail}, too, and counted there."
    ),
}
"""For each code its sentence; a part that brings words of its own, such as a check, has them in `detail`."""

_KINDS = {"border": "cut by the border of the photo"}
_SHORT: dict[Code, Words] = {
    Code.UNLIKE_HEALTHY: _detail,
    Code.OTHER_KIND: lambda cause: _KINDS.get(cause.detail, cause.detail),
    Code.UNDER_ANNOTATION: lambda _: "under a burned-in bar or text",
    Code.UNDER_BLOT: lambda _: "under the blot of another finding",
    Code.COUNTED_ELSEWHERE: lambda _: "counted in another photo",
}
