"""The sentence of a cause: the only place where causes become English."""

import math
from collections.abc import Callable, Sequence

from normocyte.core.messages import to_translate
from normocyte.results.verdict import Cause
from normocyte.results.verdict import CauseCode as Code
from normocyte.wording.language import figure, gettext, translated

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
    least, most = figure(f"{low:.{digits}g}"), figure(f"{high:.{digits}g}")
    if math.isfinite(high):
        return gettext("{low} to {high}", low=least, high=most)
    return gettext("{low} and more", low=least)


def _refused(cause: Cause) -> str:
    """What a check found, with so many digits that the value is seen to lie beyond the limits."""
    value, limits = cause.value, cause.limits
    digits = next((more for more in range(3, 9) if _is_seen(value, limits, more)), 9)
    return gettext(
        "{words} ({measure} {value}, healthy cells {range})",
        words=translated(cause.detail),
        measure=translated(cause.measure),
        value=figure(f"{value:.{digits}g}"),
        range=healthy_range(limits, digits),
    )


def _unlike_images(cause: Cause) -> str:
    """The same of a check of images of any kind; smears have none, so it is in English."""
    value, limits = cause.value, cause.limits
    digits = next((more for more in range(3, 9) if _is_seen(value, limits, more)), 9)
    return (
        f"unlike the healthy images of the training: {cause.detail} ({cause.measure} {value:.{digits}g}, "
        f"healthy images {healthy_range(limits, digits)})"
    )


def _is_seen(value: float, limits: Limits, digits: int) -> bool:
    low, high = (float(f"{end:.{digits}g}") for end in limits)
    return not low <= float(f"{value:.{digits}g}") <= high


def _measured(cause: Cause, pattern: str) -> str:
    """The words of a check, with the value of its measure and the range that was left."""
    words = translated(cause.detail)
    return gettext(
        pattern,
        words=f"{words[:1].upper()}{words[1:]}",
        measure=translated(cause.measure),
        value=_number(cause.value),
        range=_span(cause.limits),
    )


def _no_field(cause: Cause) -> str:
    return gettext(
        "It does not look like a field of blood, by {part} of {measures} measures; photograph a thin blood "
        "film.",
        part=_whole(cause),
        measures=cause.of,
    )


def _no_thin_film(cause: Cause) -> str:
    return gettext(
        "It does not look like a field of blood, by {part} of {measures} measures: this is no thin film; "
        "photograph the thin part of the smear.",
        part=_whole(cause),
        measures=cause.of,
    )


def _few_judged(cause: Cause) -> str:
    why = cause.inner
    example = _refused(why) if why and why.code is Code.UNLIKE_HEALTHY else sentence(why)
    if not cause.value:
        return gettext(
            "None of {cells} red cells could be judged; most others were refused: {example}.",
            cells=cause.of,
            example=example,
        )
    return gettext(
        "Only {part} of {cells} red cells could be judged; most others were refused: {example}.",
        part=_whole(cause),
        cells=cause.of,
        example=example,
    )


def _whole(cause: Cause) -> str:
    """The value of a cause that counts."""
    return figure(f"{cause.value:,.0f}")


def _span(limits: Limits) -> str:
    low, high = limits
    if low <= 0:
        return gettext("up to {high}", high=_number(high))
    if math.isfinite(high):
        return gettext("{low} to {high}", low=_number(low), high=_number(high))
    return gettext("from {low}", low=_number(low))


def _number(value: float) -> str:
    """Three digits that count, without an exponent."""
    return figure(f"{float(f'{value:.3g}'):,.6f}".rstrip("0").rstrip("."))


def _detail(cause: Cause) -> str:
    """What the part that found it says."""
    return translated(cause.detail)


def _perhaps_a_photo(cause: Cause) -> str:
    return gettext(
        "{refusal}; a picture of {width} x {height} pixels may be a photo of a smear, in which 'normocyte "
        "smear' finds the cells",
        refusal=sentence(cause.inner),
        width=f"{cause.limits[0]:.0f}",
        height=f"{cause.limits[1]:.0f}",
    )


def _map_not_finite(cause: Cause) -> str:
    return gettext(
        "{detail}: {values} values of its map are no finite numbers; check the bundle's detector.",
        detail=cause.detail,
        values=f"{cause.value:.0f}",
    )


def _parts_unusable(cause: Cause) -> str:
    return gettext(
        "{part} of {parts} parts of this photo would be unusable alone: {why}",
        part=_whole(cause),
        parts=cause.of,
        why=sentence(cause.inner),
    )


def _seen_before(cause: Cause) -> str:
    return gettext(
        "{cells} of its cells are seen in {photo}, too, and counted there.",
        cells=_whole(cause),
        photo=cause.detail,
    )


SENTENCES: dict[Code, Words] = {
    Code.UNLIKE_HEALTHY: lambda cause: gettext(
        "unlike the healthy cells of the training: {refusal}", refusal=_refused(cause)
    ),
    Code.UNLIKE_IMAGES: _unlike_images,
    Code.PERHAPS_A_PHOTO: _perhaps_a_photo,
    Code.NOT_PREPARED: _detail,
    Code.NOTHING_LEFT: lambda _: gettext("no pixel of the cell is left after preprocessing"),
    Code.NO_NUMBER: lambda _: gettext(
        "the detector gave values that are no numbers for this cell; check the image, or train again"
    ),
    Code.MAP_NOT_FINITE: _map_not_finite,
    Code.OTHER_KIND: _detail,
    Code.UNDER_ANNOTATION: lambda _: gettext("is under a burned-in bar or text"),
    Code.UNDER_BLOT: lambda _: gettext(
        "under the blot of another finding (the cell with the highest score counts)"
    ),
    Code.COUNTED_ELSEWHERE: lambda cause: gettext("counted in another photo ({photo})", photo=cause.detail),
    Code.NOT_READ: _detail,
    Code.OUTSIDE_USABLE: lambda cause: _measured(
        cause, to_translate("{words} ({measure} {value}, usable {range}).")
    ),
    Code.OUTSIDE_GOOD: lambda cause: _measured(
        cause, to_translate("{words} ({measure} {value}, good {range}).")
    ),
    Code.NO_FIELD: _no_field,
    Code.NO_THIN_FILM: _no_thin_film,
    Code.PARTS_UNUSABLE: _parts_unusable,
    Code.FEW_JUDGED: _few_judged,
    Code.BOXES_LEFT_OUT: _detail,
    Code.SAME_PICTURE: lambda cause: gettext(
        "The same picture as {photo}, whose cells are counted there.", photo=cause.detail
    ),
    Code.SAME_CELLS: lambda cause: gettext(
        "It shows the same cells as {photo}, whose cells are counted there.", photo=cause.detail
    ),
    Code.CELLS_SEEN_BEFORE: _seen_before,
}
"""For each code its sentence; a part that brings words of its own, such as a check, has them in `detail`."""

_KINDS = {
    "border": to_translate("cut by the border of the photo"),
    "overlapping": to_translate("overlapping"),
}
_SHORT: dict[Code, Words] = {
    Code.UNLIKE_HEALTHY: _detail,
    Code.UNLIKE_IMAGES: _detail,
    Code.OTHER_KIND: lambda cause: translated(_KINDS.get(cause.detail, cause.detail)),
    Code.UNDER_ANNOTATION: lambda _: gettext("under a burned-in bar or text"),
    Code.UNDER_BLOT: lambda _: gettext("under the blot of another finding"),
    Code.COUNTED_ELSEWHERE: lambda _: gettext("counted in another photo"),
}
