"""The cells of a smear on paper, and the sheets for what finds no room on the first."""

from collections.abc import Sequence

from normocyte.core.messages import to_translate
from normocyte.reports.drawing import formatting, theme
from normocyte.reports.drawing.paper import HEIGHT, INNER, MARGIN, WIDTH, Ink, Paper, wrapped
from normocyte.reports.drawing.tiling import squares
from normocyte.reports.smear import decisions, words
from normocyte.results.smear import NO_PARASITE, PhotoResult, Smear, Suspect
from normocyte.wording.causes import sentences
from normocyte.wording.language import gettext, pgettext

FOOT = 738.0
"""How far down the first sheet is free for cells."""
HEAD = Ink(10, is_bold=True)
_COLUMNS = 4
_TILE_PX = 160
_BETWEEN, _BESIDE, _UNDER = 3.0, 12.0, 26.0
_TILE = (INNER - (_COLUMNS - 1) * _BESIDE - _COLUMNS * _BETWEEN) / (2 * _COLUMNS)
_LAST = HEIGHT - MARGIN - 14
_NAME, _GRADE, _COUNT, _CAUSES = 0.0, 130.0, 200.0, 262.0
_SMALL, _SMALL_BOLD, _TINY = Ink(8), Ink(8, is_bold=True), Ink(7, theme.MUTED)
_OPEN = Ink(7, theme.ANOMALOUS, is_bold=True)
_ALARM = Ink(8, theme.ANOMALOUS, is_bold=True)
_ALL_LINES = 10_000
_BOXES = to_translate("\N{BALLOT BOX} parasite \N{BALLOT BOX} none")


def draw_suspects(
    paper: Paper, smear: Smear, suspects: Sequence[Suspect], first: int = 1, foot: float = FOOT
) -> int:
    """As many rows of cells as there is room for above `foot`, numbered from `first`; gives how many cells.

    Each cell is there as photo and with its heat.
    """
    paper.y += 18 - HEAD.leading
    title = gettext("{title}: photo, and where it is unusual.", title=words.cells_title(smear))
    if any(one.verdict.is_flagged for one in suspects):
        title += " " + gettext("Copy your ticks into {review}.", review=decisions.table(smear))
    paper.paragraph(title, (MARGIN, INNER), HEAD, 2)
    paper.y += 2
    if not suspects:
        paper.paragraph(gettext(words.NO_SUSPECTS), (MARGIN, INNER), Ink(9), 1)
    top = paper.y + 4
    rows = max(int((foot - top) // (_TILE + _UNDER)), 0)
    shown = suspects[: rows * _COLUMNS]
    for number, suspect in enumerate(shown):
        row, column = divmod(number, _COLUMNS)
        left = MARGIN + column * (2 * _TILE + _BETWEEN + _BESIDE)
        _draw_suspect(paper, suspect, first + number, (left, top + row * (_TILE + _UNDER)))
    return len(shown)


def _draw_suspect(paper: Paper, suspect: Suspect, number: int, corner: tuple[float, float]) -> None:
    left, top = corner
    for side, tile in enumerate(squares(suspect, _TILE_PX)):
        paper.picture(tile, left + side * (_TILE + _BETWEEN), top, _TILE)
    wide, under = 2 * _TILE + _BETWEEN, top + _TILE
    is_alarm = suspect.verdict.is_flagged and suspect.seen != NO_PARASITE
    ink = _ALARM if is_alarm else _SMALL_BOLD
    is_open = suspect.verdict.is_flagged and not suspect.seen
    told, ink = (gettext(_BOXES), _OPEN) if is_open else (words.verdict_of(suspect), ink)
    paper.fitted(f"{number}  {told}", (left, under + 9), ink, wide)
    paper.fitted(words.place_of(suspect), (left, under + 18), _TINY, wide)


def further_pages(smear: Smear, shown: int, photos: Sequence[PhotoResult]) -> list[Paper]:
    """Sheets with the flagged cells after so many, and with all that is said of these photos."""
    pages: list[Paper] = []
    flagged = [one for one in words.suspects(smear) if one.verdict.is_flagged]
    while shown < len(flagged):
        pages.append(_new_page(smear))
        shown += draw_suspects(pages[-1], smear, flagged[shown:], shown + 1, _LAST)
    if photos:
        pages += _photo_pages(smear, photos)
    for number, page in enumerate(pages, start=2):
        page.text(gettext(formatting.RESEARCH_ONLY), (MARGIN, HEIGHT - MARGIN), _SMALL_BOLD)
        place = gettext("page {number} of {pages}", number=number, pages=len(pages) + 1)
        page.text(place, (WIDTH - MARGIN, HEIGHT - MARGIN), _TINY, "right")
    return pages


def _new_page(smear: Smear) -> Paper:
    paper = Paper()
    paper.fitted(words.title(smear), (MARGIN, MARGIN), _SMALL, INNER)
    paper.y = MARGIN + 10
    paper.paragraph(words.labels(smear), (MARGIN, INNER), _TINY, 2)
    return paper


def _photo_pages(smear: Smear, photos: Sequence[PhotoResult]) -> list[Paper]:
    """All photos with every cause in full, on as many sheets as it takes."""
    pages = [_photo_page(smear)]
    for photo in photos:
        for index, line in enumerate(_cause_lines(photo)):
            if pages[-1].y + _SMALL.leading > _LAST:
                pages.append(_photo_page(smear))
            paper = pages[-1]
            paper.y += _SMALL.leading
            if index == 0:
                _draw_photo(paper, photo)
            paper.text(line, (MARGIN + _CAUSES, paper.y), _TINY)
        pages[-1].y += 3
    return pages


def _photo_page(smear: Smear) -> Paper:
    paper = _new_page(smear)
    paper.y += 18
    paper.text(gettext("All photos"), (MARGIN, paper.y), HEAD)
    heads = (
        (pgettext("column", "quality"), _GRADE),
        (pgettext("column", "flagged"), _COUNT),
        (pgettext("column", "remarks"), _CAUSES),
    )
    for text, left in heads:
        paper.text(text, (MARGIN + left, paper.y), _TINY)
    paper.y += 4
    return paper


def _cause_lines(photo: PhotoResult) -> list[str]:
    """Every cause, wrapped, one line at least."""
    return wrapped(formatting.plain(" ".join(sentences(photo.causes))), INNER - _CAUSES, _TINY, _ALL_LINES)


def _draw_photo(paper: Paper, photo: PhotoResult) -> None:
    ink = _SMALL if photo.is_used else _SMALL_BOLD
    cells = words.part_of(photo.flagged, photo.cells)
    row = ((formatting.plain(photo.name), _NAME, _GRADE, _SMALL), (words.grade(photo), _GRADE, _COUNT, ink))
    for text, left, right, own in (*row, (cells, _COUNT, _CAUSES, _SMALL)):
        paper.fitted(text, (MARGIN + left, paper.y), own, right - left - 6)
