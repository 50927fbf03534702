"""The page of a smear: the answer on top, then what it rests on, with every name escaped."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from normocyte.reports import _numbers
from normocyte.reports import _smear_words as words
from normocyte.reports._page import environment
from normocyte.reports._share_axis import bar_svg
from normocyte.reports._smear import PhotoFound, Smear, Suspect
from normocyte.reports._smear_tiles import pair
from normocyte.reports._tiles import data_address

MOST = 24
_SIDE_PX = 144


@dataclass(frozen=True, slots=True)
class Card:
    """One suspicious cell: addresses of its two pictures, and words below."""

    photo: str
    heat: str
    verdict: str
    place: str
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One photo: its place in the table, and where its picture with outlines lies; empty for none."""

    photo: PhotoFound
    name: str
    reasons: str
    address: str
    is_used: bool


def render(smear: Smear) -> str:
    """The HTML of the smear."""
    answer, shown = smear.answer, words.suspects(smear)
    return (
        environment()
        .get_template("smear.html.j2")
        .render(
            smear=smear,
            answer=answer,
            said=words.said(answer),
            research=_numbers.RESEARCH_ONLY,
            words=words,
            bar=_bar(smear),
            rows=[_row(photo) for photo in smear.photos],
            cards=[_card(suspect) for suspect in shown[:MOST]],
            hidden=len(shown[MOST:]),
        )
    )


def _bar(smear: Smear) -> Markup:
    """The interval as SVG, or nothing where there is none."""
    estimate = smear.answer.parasitaemia
    if not words.is_known(estimate):
        return Markup()
    told = f"Parasitaemia {words.share(estimate)}, {words.between(estimate)}"
    return bar_svg(estimate, smear.answer.limit, words.asked(smear.answer), told)


def _row(photo: PhotoFound) -> Row:
    address = f"./{quote(_numbers.plain(photo.outlined))}" if photo.outlined else ""
    name = _numbers.plain(photo.name)
    return Row(photo, name, words.reasons(photo), address, words.is_used(photo))


def _card(suspect: Suspect) -> Card:
    photo, heat = (data_address(tile) for tile in pair(suspect, _SIDE_PX))
    told = words.verdict_of(suspect), words.place_of(suspect)
    return Card(photo, heat, *told, suspect.verdict.is_flagged)
