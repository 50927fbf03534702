"""The smear on one sheet of paper."""

from __future__ import annotations

from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon, Rectangle

from normocyte.reports import _numbers, _style
from normocyte.reports import _smear_words as words
from normocyte.reports._paper import HEIGHT, INNER, MARGIN, WIDTH, Ink, Paper, wrapped
from normocyte.reports._share_axis import GAP, TICKS, ends, place
from normocyte.reports._smear import PhotoFound, Smear, Suspect
from normocyte.reports._smear_tiles import squares

MOST_SUSPECTS, MOST_PHOTOS = 12, 9
_MOST_LINES = 3
_COLUMNS = 4
_TILE_PX = 160
_BETWEEN, _BESIDE, _UNDER = 3.0, 12.0, 26.0
_TILE = (INNER - (_COLUMNS - 1) * _BESIDE - _COLUMNS * _BETWEEN) / (2 * _COLUMNS)
_FOOT = 738.0
_SIGN = 40.0
_BAR_LEFT = MARGIN + 190
_BAR_WIDTH = WIDTH - MARGIN - 16 - _BAR_LEFT
_PHOTOS_LEFT = MARGIN + 152
_PLACES = (0.0, 98.0, 174.0, 226.0)

_TITLE, _COUNTED, _BIG = Ink(22, is_bold=True), Ink(11), Ink(20, is_bold=True)
_HEAD, _TEXT, _QUIET = Ink(10, is_bold=True), Ink(9), Ink(8, _style.MUTED)
_SMALL, _SMALL_BOLD, _TINY = Ink(8), Ink(8, is_bold=True), Ink(7, _style.MUTED)
_ALARM = Ink(8, _style.ANOMALOUS, is_bold=True)
_COLOURS = {"triangle": _style.ANOMALOUS, "circle": _style.HEALTHY}
_MARKS = {"triangle": "!", "circle": "\N{EN DASH}", "square": "\N{MULTIPLICATION SIGN}", "dashes": "?"}
_STYLES = {"dashes": (0, (4, 3)), "square": (0, (1, 1.5))}


def draw_pdf(smear: Smear) -> bytes:
    """The sheet as PDF, the same bytes for the same smear."""
    with _style.styled():
        return _style.pdf_of(draw(smear).figure)


def draw(smear: Smear) -> Paper:
    """Answer, interval, counts, photos, the most suspicious cells, and what judged them, on A4."""
    paper = Paper()
    _draw_head(paper, smear)
    _draw_decision(paper, smear)
    _draw_estimate(paper, smear)
    _draw_tables(paper, smear)
    _draw_suspects(paper, words.suspects(smear)[:MOST_SUSPECTS])
    _draw_foot(paper, smear)
    return paper


def _draw_head(paper: Paper, smear: Smear) -> None:
    paper.text(_numbers.RESEARCH_ONLY, (MARGIN, MARGIN), _SMALL_BOLD)
    paper.text(f"normocyte {smear.normocyte}", (WIDTH - MARGIN, MARGIN), _QUIET, "right")
    paper.fitted(words.name(smear), (MARGIN, MARGIN + 15), _TEXT, INNER)
    paper.y = MARGIN + 24


def _draw_decision(paper: Paper, smear: Smear) -> None:
    """A frame with the sign, the decision and what it means."""
    told, top = words.said(smear.answer), paper.y
    colour, left = _COLOURS.get(told.sign, _style.INK), MARGIN + 14
    paper.draw(*_sign(told.sign, left, top + 12, colour))
    paper.text(
        _MARKS[told.sign], (left + _SIGN / 2, top + 42), Ink(24, _mark(told.sign), is_bold=True), "center"
    )
    paper.fitted(told.title, (left + 54, top + 31), Ink(22, colour, is_bold=True), INNER - 80)
    paper.fitted(words.counted(smear), (left + 54, top + 49), _COUNTED, INNER - 80)
    paper.y = top + 58
    paper.paragraph(told.meaning, (left, INNER - 28), _TEXT, 3)
    paper.y += 2
    more = words.more_photos(smear)
    paper.paragraph(f"{smear.answer.reason} {more}", (left, INNER - 28), _QUIET, 5)
    height, style = paper.y + 9 - top, _STYLES.get(told.sign, "-")
    paper.draw(
        FancyBboxPatch(
            (MARGIN, top),
            INNER,
            height,
            "round,pad=0,rounding_size=6",
            fill=False,
            ec=colour,
            lw=1.6,
            ls=style,
        )
    )
    paper.y = top + height + 6


def _sign(sign: str, left: float, top: float, colour: str) -> tuple[Patch, ...]:
    """The shape of a decision: each has its own, so that it needs no colour."""
    middle = left + _SIGN / 2
    if sign == "triangle":
        corners = [(middle, top), (left + _SIGN, top + _SIGN - 3), (left, top + _SIGN - 3)]
        return (Polygon(corners, fc=colour, ec=colour, lw=2, joinstyle="round"),)
    if sign == "square":
        return (Rectangle((left + 2, top + 1), _SIGN - 4, _SIGN - 4, fill=False, ec=colour, lw=2.5),)
    style = _STYLES.get(sign, "-")
    return (Circle((middle, top + _SIGN / 2 - 1), _SIGN / 2 - 2, fill=False, ec=colour, lw=2.5, ls=style),)


def _mark(sign: str) -> str:
    return _style.PAPER if sign == "triangle" else _COLOURS.get(sign, _style.INK)


def _draw_estimate(paper: Paper, smear: Smear) -> None:
    """How heavily: the figure, its interval on the axis, and what both mean."""
    answer = smear.answer
    _headline(paper, "Parasitaemia: the share of red cells that is infected")
    if not words.is_known(answer.parasitaemia):
        paper.paragraph(words.NO_ESTIMATE, (MARGIN, INNER), _TEXT, 1)
        return
    top = paper.y
    paper.fitted(words.share(answer.parasitaemia), (MARGIN, top + 25), _BIG, 180)
    paper.fitted(words.between(answer.parasitaemia), (MARGIN, top + 39), _TEXT, 185)
    _draw_bar(paper, smear, top + 26)
    paper.y = top + 44
    paper.paragraph(answer.meaning, (MARGIN, INNER), _SMALL, 3)
    paper.paragraph(words.per_microlitre(answer), (MARGIN, INNER), _SMALL, 3)
    paper.paragraph(words.fewest(smear), (MARGIN, INNER), _SMALL, 2)


def _draw_bar(paper: Paper, smear: Smear, axis: float) -> None:
    """The interval above the axis of shares, whose height on the sheet is given."""
    value, low, high = (_x(one) for one in ends(smear.answer.parasitaemia))
    paper.line((_x(0), _x(1)), (axis, axis), _style.MUTED)
    for share, text in TICKS:
        paper.line((_x(place(share)),) * 2, (axis, axis + 3), _style.MUTED)
        paper.text(text, (_x(place(share)), axis + 12), _TINY, "center")
    for aside in (-1.2, 1.2):
        paper.line((_x(GAP) + aside + 1.5, _x(GAP) + aside - 1.5), (axis - 3, axis + 3), _style.MUTED)
    limit = _x(place(smear.answer.limit))
    paper.line((limit, limit), (axis - 19, axis), _style.MUTED)
    paper.text(words.asked(smear.answer), (limit, axis - 21), _TINY, "center")
    paper.draw(Rectangle((low, axis - 13), max(high - low, 2), 8, fc=_style.ACCENT, alpha=0.45, lw=0))
    paper.line((value, value), (axis - 16, axis - 2), _style.INK, 2)


def _x(place_on_axis: float) -> float:
    return _BAR_LEFT + _BAR_WIDTH * place_on_axis


def _headline(paper: Paper, text: str, left: float = MARGIN) -> None:
    paper.y += 18
    paper.text(text, (left, paper.y), _HEAD)
    paper.y += 2


def _draw_tables(paper: Paper, smear: Smear) -> None:
    """What was found, and beside it the photos."""
    top = paper.y
    _headline(paper, "What was found")
    for kind, count in words.kinds(smear):
        paper.y += 11.5
        paper.text(kind, (MARGIN, paper.y), _SMALL)
        paper.text(f"{count:,}", (MARGIN + 130, paper.y), _SMALL, "right")
    bottom, paper.y = paper.y, top
    _draw_photos(paper, smear.photos)
    paper.y = max(paper.y, bottom)


def _draw_photos(paper: Paper, photos: tuple[PhotoFound, ...]) -> None:
    """The first photos with their quality, and how many more there are."""
    _headline(paper, "The photos", _PHOTOS_LEFT)
    for text, left in zip(("quality", "suspicious"), _PLACES[1:3], strict=True):
        paper.text(text, (_PHOTOS_LEFT + left, paper.y - 2), _TINY)
    shown = photos if len(photos) <= MOST_PHOTOS else photos[: MOST_PHOTOS - 1]
    most = min(MOST_PHOTOS // max(len(photos), 1), _MOST_LINES) or 1
    for photo in shown:
        paper.y += 11.5
        _draw_photo(paper, photo, most)
    rest = words.more_in_table(photos[len(shown) :])
    if rest or not photos:
        paper.y += 11.5
        paper.text(rest or words.NO_PHOTO, (_PHOTOS_LEFT, paper.y), _QUIET)


def _draw_photo(paper: Paper, photo: PhotoFound, most: int) -> None:
    """Name, quality, suspicious of counted cells, and the reason in so many lines."""
    ink = _SMALL if words.is_used(photo) else _SMALL_BOLD
    texts = (_numbers.plain(photo.name), photo.grade, f"{photo.flagged:,} of {photo.cells:,}")
    for text, left, right, own in zip(texts, _PLACES, _PLACES[1:], (_SMALL, ink, _SMALL), strict=False):
        paper.fitted(text, (_PHOTOS_LEFT + left, paper.y), own, right - left - 6)
    left = _PHOTOS_LEFT + _PLACES[-1]
    lines = wrapped(words.reasons(photo), WIDTH - MARGIN - left, _TINY, most)
    for number, line in enumerate(lines):
        paper.text(line, (left, paper.y + number * _TINY.leading), _TINY)
    paper.y += (len(lines) - 1) * _TINY.leading


def _draw_suspects(paper: Paper, suspects: list[Suspect]) -> None:
    """As many rows of cells as there is room for, each cell as photo and with its heat."""
    _headline(paper, "The most suspicious cells: photo, and where it is unusual (green to yellow)")
    if not suspects:
        paper.paragraph(words.NO_SUSPECTS, (MARGIN, INNER), _TEXT, 1)
    top = paper.y + 4
    rows = max(int((_FOOT - top) // (_TILE + _UNDER)), 0)
    for number, suspect in enumerate(suspects[: rows * _COLUMNS]):
        row, column = divmod(number, _COLUMNS)
        left = MARGIN + column * (2 * _TILE + _BETWEEN + _BESIDE)
        _draw_suspect(paper, suspect, number + 1, (left, top + row * (_TILE + _UNDER)))


def _draw_suspect(paper: Paper, suspect: Suspect, number: int, corner: tuple[float, float]) -> None:
    left, top = corner
    for side, tile in enumerate(squares(suspect, _TILE_PX)):
        paper.picture(tile, left + side * (_TILE + _BETWEEN), top, _TILE)
    wide, under = 2 * _TILE + _BETWEEN, top + _TILE
    ink = _ALARM if suspect.verdict.is_flagged else _SMALL_BOLD
    paper.fitted(f"{number}  {words.verdict_of(suspect)}", (left, under + 9), ink, wide)
    paper.fitted(words.place_of(suspect), (left, under + 18), _TINY, wide)


def _draw_foot(paper: Paper, smear: Smear) -> None:
    """What judged the cells, and what this sheet is not for."""
    paper.line((MARGIN, WIDTH - MARGIN), (_FOOT + 4, _FOOT + 4))
    paper.y = _FOOT + 5
    paper.paragraph(words.judged_by(smear), (MARGIN, INNER), _QUIET, 4)
    paper.text(_numbers.RESEARCH_ONLY, (MARGIN, HEIGHT - MARGIN), _SMALL_BOLD)
