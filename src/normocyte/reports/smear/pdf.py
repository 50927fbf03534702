"""The smear on paper: the answer on the first sheet, and all that finds no room there on the next."""

from dataclasses import replace

from normocyte.reports.drawing import formatting, theme
from normocyte.reports.drawing.paper import HEIGHT, INNER, MARGIN, WIDTH, Ink, Line, Paper, pdf_of, wrapped
from normocyte.reports.drawing.share_axis import GAP, TICKS, ends, place
from normocyte.reports.smear import decisions, numbers, words
from normocyte.reports.smear.facts import judged_by
from normocyte.reports.smear.pdf_pages import FOOT, HEAD, draw_suspects, further_pages
from normocyte.results.smear import PhotoResult, Smear
from normocyte.wording.causes import sentences
from normocyte.wording.language import counted, figure, gettext, pgettext, translated

MOST_PHOTOS = 9
_MOST_LINES = 3
_BAR_LEFT = MARGIN + 190
_BAR_WIDTH = WIDTH - MARGIN - 16 - _BAR_LEFT
_PHOTOS_LEFT = MARGIN + 152
_PLACES = (0.0, 98.0, 174.0, 226.0)

_COUNTED, _BIG = Ink(11), Ink(20, is_bold=True)
_TEXT, _QUIET = Ink(9), Ink(8, theme.MUTED)
_SMALL, _SMALL_BOLD, _TINY = Ink(8), Ink(8, is_bold=True), Ink(7, theme.MUTED)
SIDE = 40.0
_DASHES = {"dashes": (4.0, 3.0), "square": (1.0, 1.5)}
"""How the frame around a decision is drawn, where not by one line."""
_COLOURS = {
    "triangle": theme.ANOMALOUS,
    "diamond": theme.ANOMALOUS,
    "circle": theme.HEALTHY,
    "tick": theme.HEALTHY,
}
_MARKS = {"triangle": "!", "circle": "\N{EN DASH}", "square": "\N{MULTIPLICATION SIGN}", "dashes": "?"}


def colour_of(sign: str) -> str:
    """The colour of a sign and of its title."""
    return _COLOURS.get(sign, theme.INK)


def draw_sign(paper: Paper, sign: str, left: float, top: float) -> None:
    """The shape with its mark, whose corner stands at this place."""
    colour, middle = colour_of(sign), left + SIDE / 2
    _draw_shape(paper, sign, left, top)
    if sign == "tick":
        xs, ys = (left + 11, left + 17.5, left + 29), (top + 20, top + 26.5, top + 13)
        paper.line(xs, ys, Line(colour, 3))
        return
    if sign == "diamond":
        eye = middle, top + SIDE / 2 - 1
        paper.oval(eye, (21, 12), Line(colour, 2.2))
        paper.oval(eye, (5.2, 5.2), Line(colour, 1, is_filled=True))
        return
    ink = Ink(24, theme.PAPER if sign == "triangle" else colour, is_bold=True)
    paper.text(_MARKS[sign], (middle, top + 30), ink, "center")


def _draw_shape(paper: Paper, sign: str, left: float, top: float) -> None:
    middle, line = left + SIDE / 2, Line(colour_of(sign), 2.5)
    if sign == "triangle":
        corners = [(middle, top), (left + SIDE, top + SIDE - 3), (left, top + SIDE - 3)]
        paper.polygon(corners, replace(line, width=2, is_filled=True))
    elif sign == "diamond":
        height = top + SIDE / 2 - 1
        paper.polygon(
            [(middle, top - 2), (left + SIDE + 1, height), (middle, top + SIDE), (left - 1, height)], line
        )
    elif sign == "square":
        paper.box((left + 2, top + 1), (SIDE - 4, SIDE - 4), line)
    else:
        dashes = _DASHES["dashes"] if sign == "dashes" else ()
        paper.oval((middle, top + SIDE / 2 - 1), (SIDE - 4, SIDE - 4), replace(line, dashes=dashes))


def draw_pdf(smear: Smear) -> bytes:
    """The sheets as PDF, the same bytes for the same smear."""
    return pdf_of(draw(smear), words.title(smear))


def draw(smear: Smear) -> list[Paper]:
    """The sheets on A4: answer, next steps, counts, cells and what judged them, then what found no room."""
    paper = Paper()
    _draw_head(paper, smear)
    _draw_decision(paper, smear)
    _draw_steps(paper, smear)
    _draw_estimate(paper, smear)
    is_all = _draw_tables(paper, smear)
    shown = draw_suspects(paper, smear, words.suspects(smear))
    _draw_foot(paper, smear)
    return [paper, *further_pages(smear, shown, () if is_all else smear.photos)]


def _draw_head(paper: Paper, smear: Smear) -> None:
    paper.text(gettext(formatting.RESEARCH_ONLY), (MARGIN, MARGIN), _SMALL_BOLD)
    paper.text(f"normocyte {smear.normocyte}", (WIDTH - MARGIN, MARGIN), _QUIET, "right")
    paper.fitted(words.name(smear), (MARGIN, MARGIN + 15), _TEXT, INNER)
    paper.y = MARGIN + 18
    paper.paragraph(words.labels(smear), (MARGIN, INNER - 12), Ink(9, is_bold=True), 3)
    paper.paragraph(formatting.plain(translated(smear.passed_over)), (MARGIN, INNER), _SMALL_BOLD, 3)
    paper.y += 6


def _draw_decision(paper: Paper, smear: Smear) -> None:
    """A frame with the sign, the decision and what it means."""
    told, top = decisions.text_for(smear), paper.y
    colour, left = colour_of(told.sign), MARGIN + 14
    draw_sign(paper, told.sign, left, top + 12)
    paper.fitted(told.title, (left + 54, top + 31), Ink(22, colour, is_bold=True), INNER - 80)
    paper.fitted(words.counted(smear), (left + 54, top + 49), _COUNTED, INNER - 80)
    paper.y = top + 58
    for text, ink in (
        (decisions.by_count(smear), _TEXT),
        (told.meaning, _TEXT),
        (decisions.counting(smear), _QUIET),
    ):
        paper.paragraph(text, (left, INNER - 28), ink, 5)
    height = paper.y + 9 - top
    paper.box((MARGIN, top), (INNER, height), Line(colour, 1.6, _DASHES.get(told.sign, ())), 6)
    paper.y = top + height + 3


def _draw_steps(paper: Paper, smear: Smear) -> None:
    """What to do next, in three steps."""
    _headline(paper, gettext("What to do next"))
    for number, step in enumerate(decisions.next_steps(smear), start=1):
        paper.text(f"{number}.", (MARGIN, paper.y + _TEXT.leading), _TEXT)
        paper.paragraph(step, (MARGIN + 14, INNER - 14), _TEXT, 3)


def _draw_estimate(paper: Paper, smear: Smear) -> None:
    """How heavily: the figure, its interval on the axis, and what both mean."""
    answer = smear.answer
    _headline(paper, gettext(words.PARASITAEMIA))
    if not answer.is_stated:
        paper.paragraph(decisions.no_share(smear), (MARGIN, INNER), _TEXT, 3)
        paper.paragraph(words.uncounted(smear), (MARGIN, INNER), _SMALL, 4)
        return
    top = paper.y
    paper.fitted(words.stated(answer), (MARGIN, top + 25), _BIG, 180)
    paper.fitted(numbers.between(answer.parasitaemia), (MARGIN, top + 39), _TEXT, 185)
    _draw_bar(paper, smear, top + 26)
    paper.y = top + 44
    paper.paragraph(translated(answer.meaning), (MARGIN, INNER), _SMALL, 3)
    paper.paragraph(words.per_microlitre(answer), (MARGIN, INNER), _SMALL, 3)
    paper.paragraph(words.uncounted(smear), (MARGIN, INNER), _SMALL, 4)


def _draw_bar(paper: Paper, smear: Smear, axis: float) -> None:
    """The interval above the axis of shares, whose height on the sheet is given."""
    value, low, high = (_x(one) for one in ends(smear.answer.parasitaemia))
    muted = Line(theme.MUTED)
    paper.box((low, axis - 13), (max(high - low, 2), 8), Line(theme.ACCENT, 0, is_filled=True, cover=0.45))
    paper.line((_x(0), _x(1)), (axis, axis), muted)
    for share, text in TICKS:
        paper.line((_x(place(share)),) * 2, (axis, axis + 3), muted)
        paper.text(figure(text), (_x(place(share)), axis + 12), _TINY, "center")
    for aside in (-1.2, 1.2):
        paper.line((_x(GAP) + aside + 1.5, _x(GAP) + aside - 1.5), (axis - 3, axis + 3), muted)
    limit = _x(place(smear.answer.limit))
    paper.line((limit, limit), (axis - 19, axis), muted)
    paper.text(words.asked(smear.answer), (limit, axis - 21), _TINY, "center")
    paper.line((value, value), (axis - 16, axis - 2), Line(theme.INK, 2))


def _x(place_on_axis: float) -> float:
    return _BAR_LEFT + _BAR_WIDTH * place_on_axis


def _headline(paper: Paper, text: str, left: float = MARGIN) -> None:
    paper.y += 18
    paper.text(text, (left, paper.y), HEAD)
    paper.y += 2


def _draw_tables(paper: Paper, smear: Smear) -> bool:
    """What was found, and beside it the photos; gives whether all photos are there with all their causes."""
    top = paper.y
    _headline(paper, gettext("What was found"))
    for kind, count in words.kinds(smear):
        paper.y += 11.5
        paper.text(kind, (MARGIN, paper.y), _SMALL)
        paper.text(counted(count), (MARGIN + 130, paper.y), _SMALL, "right")
    bottom, paper.y = paper.y, top
    is_all = _draw_photos(paper, smear.photos)
    paper.y = max(paper.y, bottom)
    return is_all


def _draw_photos(paper: Paper, photos: tuple[PhotoResult, ...]) -> bool:
    """The first photos with their quality, and how many more there are; gives whether nothing is cut off."""
    _headline(paper, gettext("The photos"), _PHOTOS_LEFT)
    heads = pgettext("column", "quality"), pgettext("column", "flagged")
    for text, left in zip(heads, _PLACES[1:3], strict=True):
        paper.text(text, (_PHOTOS_LEFT + left, paper.y - 2), _TINY)
    shown = photos if len(photos) <= MOST_PHOTOS else photos[: MOST_PHOTOS - 1]
    most = min(MOST_PHOTOS // max(len(photos), 1), _MOST_LINES) or 1
    is_all = len(shown) == len(photos)
    for photo in shown:
        paper.y += 11.5
        is_all &= _draw_photo(paper, photo, most)
    rest = words.more_in_table(photos[len(shown) :])
    if not is_all and not rest:
        rest = gettext("All that is to be said of them stands on the last page.")
    if rest or not photos:
        paper.y += 11.5
        paper.text(rest or gettext(words.NO_PHOTO), (_PHOTOS_LEFT, paper.y), _QUIET)
    return is_all


def _draw_photo(paper: Paper, photo: PhotoResult, most: int) -> bool:
    """Name, quality, flagged of counted cells, and the causes in so many lines: gives whether all fit."""
    ink = _SMALL if photo.is_used else _SMALL_BOLD
    texts = (formatting.plain(photo.name), words.grade(photo), words.part_of(photo.flagged, photo.cells))
    for text, left, right, own in zip(texts, _PLACES, _PLACES[1:], (_SMALL, ink, _SMALL), strict=False):
        paper.fitted(text, (_PHOTOS_LEFT + left, paper.y), own, right - left - 6)
    left = _PHOTOS_LEFT + _PLACES[-1]
    lines = wrapped(words.reasons(photo), WIDTH - MARGIN - left, _TINY, most)
    for number, line in enumerate(lines):
        paper.text(line, (left, paper.y + number * _TINY.leading), _TINY)
    paper.y += (len(lines) - 1) * _TINY.leading
    whole = wrapped(" ".join(sentences(photo.causes)), WIDTH - MARGIN - left, _TINY, most)
    return lines == whole and not any(line.endswith("\N{HORIZONTAL ELLIPSIS}") for line in lines)


def _draw_foot(paper: Paper, smear: Smear) -> None:
    """What judged the cells, and what this sheet is not for."""
    paper.line((MARGIN, WIDTH - MARGIN), (FOOT + 4, FOOT + 4))
    paper.y = FOOT + 5
    paper.paragraph(judged_by(smear), (MARGIN, INNER), _QUIET, 4)
    paper.text(gettext(formatting.RESEARCH_ONLY), (MARGIN, HEIGHT - MARGIN), _SMALL_BOLD)
