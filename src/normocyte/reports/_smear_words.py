"""What is said of a smear, in sentences for somebody who has never heard of detectors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from normocyte.core.types import Estimate
from normocyte.reports import _numbers
from normocyte.reports._smear import Answer, PhotoFound, Smear, Suspect
from normocyte.reports._smear_kinds import Way, ways_of

USED = ("good", "usable")
NO_SUSPECTS = "No cell was given a score, so that there is none to look at."
NO_ESTIMATE = "It cannot be said: no red cell counts."
NO_PHOTO = "There is no photo."
HEAT_ENDS = "half of what makes a cell suspicious", "twice that"
P_VALUE = "p is the share of healthy cells that look as unusual."
INTERVAL_SCALE = (
    "The bar is the 95 % interval and the mark on it the estimate. From 0.01 % on, each step of the scale is "
    "ten times the one before; it is the same in every report."
)
_CERTAIN = 0.00005
_SMALLEST_P, _SMALL_P = 0.0001, 0.001
_DIGITS = 2
_MOST_REASONS = 3
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Said:
    """A decision as a reader meets it: the shape of its sign, its title, and what it means."""

    sign: str
    title: str
    meaning: str


_DECISIONS = {
    "parasites suspected": Said(
        "triangle",
        "Parasites suspected",
        "More red cells look unlike healthy ones than a healthy smear would show. Somebody who reads smears "
        "must look at the cells below before anything is concluded: dirt, stain and other diseases can make "
        "cells look unusual too.",
    ),
    "no evidence": Said(
        "circle",
        "No evidence of parasites",
        "No more red cells look unlike healthy ones than in a healthy smear. That is no proof that there are "
        "no parasites: a few may be missed. Have the first of the cells below looked at all the same.",
    ),
    "not enough cells": Said(
        "dashes",
        "Not enough cells to say",
        "A healthy smear may have as many suspicious cells, but these photos are not enough to rule out the "
        "parasitaemia that was asked for. This is neither a yes nor a no.",
    ),
    "unusable images": Said(
        "square",
        "Unusable images",
        "None of these photos is good enough to count cells in. This is neither a yes nor a no: take new "
        "photos. What is wrong with each stands in the table of photos.",
    ),
}


def said(answer: Answer) -> Said:
    """The decision as a title, its sign, and its meaning in plain words."""
    return said_of(answer.decision)


def said_of(decision: str) -> Said:
    """The same of a decision alone."""
    return _DECISIONS.get(decision, Said("dashes", decision.capitalize(), ""))


def screen(smear: Smear) -> tuple[str, ...]:
    """The answer in a few sentences, as a terminal shows them."""
    answer = smear.answer
    share = f"Infected: {percent(answer.parasitaemia.value)} of red cells ({between(answer.parasitaemia)})."
    unused = [
        f"{photo.name}: {photo.grade}. {photo.reasons[0]}"
        for photo in smear.photos
        if photo.reasons and photo not in _used(smear.photos)
    ]
    counted_ones = (f"{share} {answer.meaning}", fewest(smear), smear.guarantee) if smear.cells else ()
    return (f"{said(answer).title}: {answer.reason}", *counted_ones, *unused)


def fewest(smear: Smear) -> str:
    """How many cells are anomalous at least, in a sentence."""
    if smear.answer.fewest:
        return smear.answer.fewest_sentence
    return f"Of the {_numbers.count(smear.cells, 'red cell')} none is anomalous beyond doubt."


def name(smear: Smear) -> str:
    """What the smear is called, or simply a smear."""
    return _numbers.plain(smear.name) or "A smear without a name"


def counted(smear: Smear) -> str:
    """How many red cells of how many photos count."""
    used = len(_used(smear.photos))
    of = _numbers.count(len(smear.photos), "photo")
    return f"{_numbers.count(smear.cells, 'red cell')} counted in {used:,} of {of}"


def more_photos(smear: Smear) -> str:
    """How many photos like these are missing, where more of them would help; else nothing."""
    missing = smear.answer.cells_needed - smear.cells
    used = sum(photo.cells > 0 for photo in smear.photos)
    if missing <= 0 or used == 0 or smear.answer.decision != "not enough cells":
        return ""
    photos = _numbers.count(math.ceil(missing * used / smear.cells), "more photo")
    return f"About {_rounded(missing)} more red cells are needed: some {photos} like those that count."


def is_known(estimate: Estimate) -> bool:
    """True where there is an estimate with its interval."""
    return all(math.isfinite(one) for one in (estimate.value, estimate.low, estimate.high))


def share(estimate: Estimate) -> str:
    """The estimate alone, as a percentage."""
    return percent(estimate.value)


def between(estimate: Estimate) -> str:
    """The interval of a share in words."""
    if not is_known(estimate):
        return "cannot be said"
    if estimate.low < _CERTAIN:
        return f"between none and {percent(estimate.high)}"
    return f"between {percent(estimate.low)} and {percent(estimate.high)}"


def percent(value: float) -> str:
    """A share as a percentage with two digits that count."""
    if not math.isfinite(value):
        return _numbers.UNKNOWN
    said = f"{100 * value:.{_DIGITS}g}" if value < 1 else "100"
    return f"{float(said):.10g}{_SPACE}%"


def asked(answer: Answer) -> str:
    """The parasitaemia that must not be missed, as it stands at its mark on the axis."""
    return f"asked for: {percent(answer.limit)}"


def per_microlitre(answer: Answer) -> str:
    """The count in a microlitre, with the assumption that it rests on; nothing where there is none."""
    found = answer.per_microlitre
    if not is_known(found):
        return ""
    low = _rounded(found.low) if found.low >= _CERTAIN * answer.red_cells else "none"
    high = _rounded(found.high)
    told = (
        f"About {_rounded(found.value)} infected red cells per microlitre of blood (between {low} and {high})"
    )
    if found.value < _CERTAIN * answer.red_cells:
        told = f"Between {low} and {high} infected red cells per microlitre of blood"
    return (
        f"{told}, assuming {answer.red_cells:,.0f} red cells per microlitre. That number was not measured "
        "here: with a blood count at hand, multiply by its own."
    )


def p_value(value: float) -> str:
    """A p-value with its sign of equality."""
    if not math.isfinite(value):
        return f"p{_SPACE}{_numbers.UNKNOWN}"
    if value < _SMALLEST_P:
        return f"p{_SPACE}<{_SPACE}{_SMALLEST_P}"
    digits = _DIGITS if value >= _SMALL_P else 1
    return f"p{_SPACE}={_SPACE}{value:.{digits}g}"


def key_numbers(smear: Smear) -> list[tuple[str, str, str]]:
    """The numbers that a reader looks for first: value, what it is, and a detail."""
    answer, used = smear.answer, len(_used(smear.photos))
    needed = f"about {_rounded(answer.cells_needed)} needed" if answer.cells_needed else ""
    rate = _numbers.percent(smear.flagged / smear.cells) if smear.cells else ""
    return [
        (f"{smear.cells:,}", "red cells counted", needed),
        (f"{smear.flagged:,}", "of them suspicious", rate),
        _fewest_number(answer.fewest),
        (f"{used:,} of {len(smear.photos):,}", "photos used", ""),
    ]


def _fewest_number(number: int) -> tuple[str, str, str]:
    if number == 0:
        return "none", "of them anomalous for sure", ""
    return f"at least {number:,}", "of them anomalous", "known without any label"


def kinds(smear: Smear) -> list[tuple[str, int]]:
    """How many things of each kind were found in all photos."""
    found = ways_of(thing for photo in smear.photos for thing in photo.things)
    return [(str(way), found[way]) for way in Way]


def facts(smear: Smear) -> list[tuple[str, str]]:
    """What the answer rests on: each with its name."""
    answer = smear.answer
    test = (
        f"{p_value(answer.p_value)}: how often a healthy smear has so many suspicious cells"
        if math.isfinite(answer.p_value)
        else "none was made"
    )
    needed = (
        f"about {_rounded(answer.cells_needed)} red cells show it"
        if answer.cells_needed
        else "no number of cells is sure to show it"
    )
    return [
        ("Smear", name(smear)),
        ("Test", test),
        ("Must not be missed", f"a parasitaemia of {percent(answer.limit)}; {needed}"),
        ("Second estimate (Rogan and Gladen)", _estimate(answer.rogan_gladen)),
        ("Third estimate (Bayes)", _estimate(answer.bayesian)),
        ("Judged by", _numbers.plain(smear.bundle)),
        ("Suspicious from", f"a score above {_numbers.score(smear.cut)}"),
        ("What the cut guarantees", smear.guarantee),
        ("Version", f"normocyte {smear.normocyte}"),
    ]


def judged_by(smear: Smear) -> str:
    """What judged the cells and what its cut guarantees, in a few sentences."""
    cut = _numbers.score(smear.cut)
    return f"Judged by {_numbers.plain(smear.bundle)}; suspicious above a score of {cut}. {smear.guarantee}"


def is_used(photo: PhotoFound) -> bool:
    """True where the cells of a photo count."""
    return photo.grade in USED


def more_in_table(photos: Sequence[PhotoFound]) -> str:
    """How many photos a short table leaves out, and how many of these are not used; nothing for none."""
    if not photos:
        return ""
    useless = len(photos) - len(_used(photos))
    of = f", {useless:,} of them not used" if useless else ""
    return f"and {_numbers.count(len(photos), 'more photo')}{of}"


def _estimate(estimate: Estimate) -> str:
    said = between(estimate)
    return f"{share(estimate)}, {said}" if is_known(estimate) else said


def reasons(photo: PhotoFound) -> str:
    """What is to be said of a photo, the most important first, in one line."""
    more = len(photo.reasons) - _MOST_REASONS
    rest = f" {more} more in smear.json." if more > 0 else ""
    return _numbers.plain(" ".join(photo.reasons[:_MOST_REASONS])) + rest


def suspects(smear: Smear) -> list[Suspect]:
    """The cells of the review sheet, the most suspicious first; those without a score come last."""
    return sorted(smear.suspects, key=_unlike)


def place_of(suspect: Suspect) -> str:
    """Where to find a cell: its number in its photo."""
    return f"cell {suspect.number:,} of {_numbers.plain(suspect.photo)}"


def verdict_of(suspect: Suspect) -> str:
    """The verdict on a cell and its p-value."""
    return f"{suspect.verdict.outcome}, {p_value(suspect.verdict.p_value)}"


def _unlike(suspect: Suspect) -> float:
    score = suspect.verdict.score
    return -score if math.isfinite(score) else math.inf


def _used(photos: Sequence[PhotoFound]) -> list[PhotoFound]:
    return [photo for photo in photos if is_used(photo)]


def _rounded(value: float) -> str:
    """A count with two digits that count, or a dash."""
    return f"{float(f'{value:.{_DIGITS}g}'):,.0f}" if math.isfinite(value) else _numbers.UNKNOWN
