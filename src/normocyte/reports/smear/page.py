"""The page of a smear: the answer on top, then what it rests on, with every name escaped."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import environment, linked
from normocyte.reports.drawing.share_axis import bar_svg
from normocyte.reports.drawing.tiling import pair, photo_address, photo_tile
from normocyte.reports.smear import decisions, numbers, words
from normocyte.reports.smear.facts import facts
from normocyte.results.smear import NO_PARASITE, PARASITE, REVIEW, Aside, PhotoResult, Smear, Suspect
from normocyte.wording.glossary import terms
from normocyte.wording.language import gettext

_SIDE_PX = 176
_TERMS = (
    "parasitaemia",
    "p-value of a smear",
    "anomaly score",
    "threshold",
    "calibration",
    "sensitivity (recall)",
    "cell checks",
)
_LOOKS = {PARASITE: "parasite", NO_PARASITE: "free"}


@dataclass(frozen=True, slots=True)
class Card:
    """One cell: addresses of its pictures, words, its look, and the place in its photo that it leads to."""

    pictures: tuple[str, ...]
    verdict: str
    place: str
    look: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One photo: its place in the table, and where its picture with outlines lies; empty for none."""

    photo: PhotoResult
    name: str
    reasons: str
    address: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a cell in its photo, in percent of it, with the card that it leads back to."""

    target: str
    card: str
    name: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """A photo in which the shown cells are marked."""

    row: Row
    marks: tuple[Mark, ...]


def render(smear: Smear) -> str:
    """The HTML of the smear."""
    shown, rows = words.suspects(smear), [_row(photo) for photo in smear.photos]
    cells = {f"card-{number}": one for number, one in enumerate(shown, start=1)}
    asides = {f"aside-{number}": one for number, one in enumerate(smear.aside, start=1)}
    places = _places(rows, {**cells, **asides})
    targets = {mark.card: mark.target for place in places for mark in place.marks}
    return (
        environment()
        .get_template("smear/page.html.j2")
        .render(
            smear=smear,
            answer=smear.answer,
            said=decisions.text_for(smear),
            research=formatting.RESEARCH_ONLY,
            words=words,
            numbers=numbers,
            decisions=decisions,
            bar=_bar(smear),
            facts=facts(smear),
            review=linked(REVIEW, REVIEW) if smear.review == REVIEW else decisions.table(smear),
            rows=rows,
            places=places,
            cards=[_card(one, targets.get(card, "")) for card, one in cells.items()],
            aside=[_aside(one, targets.get(card, "")) for card, one in asides.items()],
            terms=terms(_TERMS),
        )
    )


def _bar(smear: Smear) -> Markup:
    """The interval as SVG, or nothing where no share is stated."""
    answer = smear.answer
    if not answer.is_stated:
        return Markup()
    estimate = answer.parasitaemia
    told = gettext("Parasitaemia {share}", share=numbers.with_interval(estimate))
    return bar_svg(estimate, answer.limit, words.asked(answer), told)


def _row(photo: PhotoResult) -> Row:
    address = f"./{quote(formatting.plain(photo.outlined))}" if photo.outlined else ""
    name = formatting.plain(photo.name)
    return Row(photo, name, words.reasons(photo), address, photo.is_used)


def _places(rows: list[Row], shown: Mapping[str, Suspect | Aside]) -> list[Place]:
    """The photos that have cells to be shown and a picture, with these cells marked."""
    cards: dict[str, dict[int, str]] = {}
    for card, one in shown.items():
        cards.setdefault(one.photo, {})[one.number] = card
    places = (
        Place(row, _marks(row.photo, number, cards.get(row.photo.name, {})))
        for number, row in enumerate(rows, start=1)
        if row.address and min(row.photo.size_px)
    )
    return [place for place in places if place.marks]


def _marks(photo: PhotoResult, number: int, cards: Mapping[int, str]) -> tuple[Mark, ...]:
    wide, high = (100 / side for side in photo.size_px)
    detections = [
        (at, card, photo.detections[at - 1].cell) for at, card in cards.items() if at <= len(photo.detections)
    ]
    return tuple(
        Mark(
            f"photo-{number}-cell-{at}",
            card,
            _mark_name(card),
            wide * cell.x,
            high * cell.y,
            wide * cell.width,
            high * cell.height,
        )
        for at, card, cell in detections
    )


def _mark_name(card: str) -> str:
    """The number of a cell that is shown, in its photo."""
    kind, _, number = card.partition("-")
    return number if kind == "card" else gettext("aside {number}", number=number)


def _card(suspect: Suspect, target: str) -> Card:
    pictures = tuple(photo_address(tile) for tile in pair(suspect, _SIDE_PX))
    look = _LOOKS.get(suspect.seen, "flagged" if suspect.verdict.is_flagged else "")
    return Card(pictures, words.verdict_of(suspect), words.place_of(suspect), look, target)


def _aside(aside: Aside, target: str) -> Card:
    picture = photo_address(photo_tile(aside.image, _SIDE_PX))
    return Card((picture,), words.aside_of(aside), words.place_of(aside), "", target)
