"""What is said of a smear, in sentences for somebody who has never heard of detectors."""

import math
from collections import Counter
from collections.abc import Sequence

from normocyte.core.messages import Figure, to_translate
from normocyte.reports.drawing import formatting
from normocyte.reports.smear.decisions import by_count, counting, next_steps, no_share, text_for
from normocyte.reports.smear.kinds import DisplayClass, name_of, way_of, way_of_kind, ways_of
from normocyte.reports.smear.numbers import between, counted_in, is_known, percent, rounded, share
from normocyte.results.smear import (
    CERTAIN,
    NO_PARASITE,
    PARASITE,
    Answer,
    Aside,
    Detection,
    PhotoResult,
    Smear,
    Suspect,
)
from normocyte.results.verdict import Grade
from normocyte.wording.causes import sentence, sentences, short
from normocyte.wording.language import counted as number
from normocyte.wording.language import figure, gettext, ngettext, pgettext, translated

NO_SUSPECTS = to_translate("No cell has a score, so there is none to look at.")
NO_PHOTO = to_translate("There is no photo.")
TILES = to_translate(
    "Each cell is shown in its photo, and next to it alone with its contrast raised: spots of colour are "
    "small unusual areas. Without a spot, the colour, size or shape of the whole cell may be unusual."
)
HEAT_ENDS = to_translate("a little unusual"), to_translate("very unusual")
CERTAINTY = to_translate(
    "Certainty is 0.5 at the limit between two kinds and 1 far away from it; it is not a probability."
)
PARASITAEMIA = to_translate("Parasitaemia: the share of red cells that is infected")
GRADES = {
    Grade.GOOD: to_translate("good"),
    Grade.USABLE: to_translate("usable"),
    Grade.UNUSABLE: to_translate("unusable"),
    Grade.NOT_READ: to_translate("not read"),
    Grade.COUNTED_BEFORE: to_translate("counted before"),
}
_MOST_REASONS, _MOST_CAUSES = 3, 5


def screen(smear: Smear) -> tuple[str, ...]:
    """The answer in a few sentences, as a terminal shows them."""
    told = text_for(smear)
    unused = [
        f"{formatting.plain(photo.name)}: {grade(photo)}. {sentence(photo.causes[0])}"
        for photo in smear.photos
        if photo.causes and not photo.is_used
    ]
    steps = [f"{number}. {step}" for number, step in enumerate(next_steps(smear), start=1)]
    rests_on = (translated(smear.compared), translated(smear.guarantee))
    counted_ones = (shared(smear), counting(smear), uncounted(smear), *rests_on)
    lines = (
        f"{told.title}. {told.meaning}",
        by_count(smear),
        *steps,
        *(counted_ones if smear.cells else ()),
        *unused,
    )
    return tuple(line for line in lines if line)


def shared(smear: Smear) -> str:
    """The share that is stated with its interval, or why there is none; nothing where that was said."""
    answer = smear.answer
    if answer.is_stated:
        said = gettext(
            "Infected red cells: {share}, {interval}.",
            share=stated(answer),
            interval=between(answer.parasitaemia),
        )
        return f"{said} {translated(answer.meaning)}"
    return "" if answer.bound_sentence else no_share(smear)


def stated(answer: Answer) -> str:
    """The share that is stated: what a person saw is the least there is."""
    said = share(answer.parasitaemia)
    return gettext("{share} seen", share=said) if answer.is_reviewed else said


def name(smear: Smear) -> str:
    """What the smear is called, or simply a smear."""
    return formatting.plain(smear.name) or gettext("A smear without a name")


def title(smear: Smear) -> str:
    """What the smear is called, and its decision."""
    return gettext("{label}: {value}", label=name(smear), value=text_for(smear).title)


def labels(smear: Smear) -> str:
    """What the user wrote on the report, in one line; nothing for nothing."""
    said = (
        gettext("{label}: {value}", label=translated(label), value=value) for label, value in smear.labels
    )
    return formatting.plain(" · ".join(said))


def counted(smear: Smear) -> str:
    """How many red cells of how many photos count."""
    return counted_in(smear.cells, len(_used(smear.photos)), len(smear.photos))


def uncounted(smear: Smear) -> str:
    """Why red cells were not counted, in one line; nothing where all were."""
    causes = Counter(
        _cause(photo, detection)
        for photo in smear.photos
        for detection in photo.detections
        if way_of(detection) is DisplayClass.NOT_COUNTED
    )
    if not causes:
        return ""
    most = causes.most_common(_MOST_CAUSES)
    rest = causes.total() - sum(times for _, times in most)
    told = [gettext("{number} {cause}", number=times, cause=cause) for cause, times in most]
    told += [gettext("{number} for other causes", number=rest)] * bool(rest)
    return ngettext(
        "{n} red cell was not counted: {causes}.",
        "{n} red cells were not counted: {causes}.",
        causes.total(),
        causes=", ".join(told),
    )


def _cause(photo: PhotoResult, detection: Detection) -> str:
    """Why a red cell does not count, without its own numbers."""
    if not photo.is_used:
        return gettext("in photos that are not used")
    cause = detection.verdict.cause
    return formatting.plain(short(cause)) if cause else ""


def interval_scale() -> str:
    """How to read the bar and its axis."""
    return gettext(
        "The bar is the {level} interval and the mark on it the estimate. From {least} on, each step of the "
        "scale is ten times the one before; it is the same in every report.",
        level=Figure("95 %"),
        least=Figure("0.01 %"),
    )


def asked(answer: Answer) -> str:
    """The parasitaemia that must not be missed, as it stands at its mark on the axis."""
    return gettext("asked for: {share}", share=percent(answer.limit))


def per_microlitre(answer: Answer) -> str:
    """The count in a microlitre, with the assumption that it rests on; nothing where no share is stated."""
    found = answer.per_microlitre
    if not is_known(found) or not answer.is_stated:
        return ""
    low = rounded(found.low) if found.low >= CERTAIN * answer.red_cells else gettext("none")
    return gettext(
        "About {cells} infected red cells per microlitre of blood (between {low} and {high}), assuming "
        "{red_cells} red cells per microlitre. That number was not measured here: with a blood count at "
        "hand, "
        "multiply by its own.",
        cells=rounded(found.value),
        low=low,
        high=rounded(found.high),
        red_cells=figure(f"{answer.red_cells:,.0f}"),
    )


def key_numbers(smear: Smear) -> list[tuple[str, str, str]]:
    """The numbers that a reader looks for first: value, what it is, and a detail."""
    answer, used = smear.answer, len(_used(smear.photos))
    rate = figure(formatting.percent(smear.flagged / smear.cells)) if smear.cells else ""
    is_reviewed = answer.looked_at or answer.confirmed
    seen = gettext("parasites seen in {cells}", cells=answer.confirmed) if is_reviewed else ""
    return [
        (number(smear.cells), gettext("red cells counted"), ""),
        (number(smear.flagged), gettext("of them flagged"), rate),
        (part_of(answer.looked_at, smear.flagged), gettext("flagged cells looked at"), seen),
        (part_of(used, len(smear.photos)), gettext("photos used"), ""),
    ]


def part_of(part: int, whole: int) -> str:
    """How many of how many."""
    return gettext("{part} of {whole}", part=part, whole=whole)


def grade(photo: PhotoResult) -> str:
    """What became of a photo."""
    return gettext(GRADES[photo.grade])


def kinds(smear: Smear) -> list[tuple[str, int]]:
    """How many things of each kind were found in all photos."""
    found = ways_of(detection for photo in smear.photos for detection in photo.detections)
    return [(name_of(way), found[way]) for way in DisplayClass]


def more_in_table(photos: Sequence[PhotoResult]) -> str:
    """How many photos a short table leaves out, and how many of these are not used; nothing for none."""
    if not photos:
        return ""
    useless = len(photos) - len(_used(photos))
    if not useless:
        return ngettext(
            "and {n} more photo: see the last page", "and {n} more photos: see the last page", len(photos)
        )
    return ngettext(
        "and {n} more photo, {unused} of them not used: see the last page",
        "and {n} more photos, {unused} of them not used: see the last page",
        len(photos),
        unused=useless,
    )


def reasons(photo: PhotoResult) -> str:
    """What is to be said of a photo, the most important first, in one line."""
    more = len(photo.causes) - _MOST_REASONS
    rest = [gettext("{number} more in smear.json.", number=more)] if more > 0 else []
    return formatting.plain(" ".join([*sentences(photo.causes[:_MOST_REASONS]), *rest]))


def suspects(smear: Smear) -> list[Suspect]:
    """The cells of the review sheet, the most suspicious first; those without a score come last."""
    return sorted(smear.suspects, key=_unlike)


def cells_title(smear: Smear) -> str:
    """What the cells that are shown are."""
    if not smear.flagged:
        return gettext("The cells nearest to suspicious")
    nearest = any(not suspect.verdict.is_flagged for suspect in smear.suspects)
    if nearest:
        return gettext("The flagged cells, and those nearest to them")
    return gettext("The flagged cells")


def not_shown(smear: Smear, shown: int) -> str:
    """How many flagged cells are not among so many that are shown; nothing for none."""
    left = smear.flagged - min(shown, len(smear.suspects))
    if left <= 0:
        return ""
    return ngettext(
        "{n} more flagged cell is not shown here; all are outlined in their photos and listed in cells.csv.",
        "{n} more flagged cells are not shown here; all are outlined in their photos and listed in "
        "cells.csv.",
        left,
    )


def place_of(suspect: Suspect | Aside) -> str:
    """Where to find a thing: its number in its photo."""
    return gettext("cell {number} of {photo}", number=suspect.number, photo=formatting.plain(suspect.photo))


def verdict_of(suspect: Suspect) -> str:
    """What a person saw in a cell, or else what the program says."""
    said = {PARASITE: gettext("parasite seen"), NO_PARASITE: gettext("no parasite seen")}
    if suspect.seen:
        return said[suspect.seen]
    is_flagged = suspect.verdict.is_flagged
    return pgettext("a cell", "flagged") if is_flagged else pgettext("a cell", "not flagged")


def aside_of(aside: Aside) -> str:
    """What a thing was taken for, and how sure that is."""
    return gettext(
        "{kind}, certainty {certainty}",
        kind=name_of(way_of_kind(aside.cell.kind)),
        certainty=figure(f"{aside.cell.certainty:.2f}"),
    )


def _unlike(suspect: Suspect) -> float:
    score = suspect.verdict.score
    return -score if math.isfinite(score) else math.inf


def _used(photos: Sequence[PhotoResult]) -> list[PhotoResult]:
    return [photo for photo in photos if photo.is_used]
