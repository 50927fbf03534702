"""The review sheet: the most suspicious cells of a smear, each as photo and as heat map, in one picture."""

from collections.abc import Sequence

import numpy as np

from normocyte.images.writing import png_bytes
from normocyte.reports.drawing import formatting, theme
from normocyte.reports.drawing.lettering import Canvas, Pen, fitted, write
from normocyte.reports.drawing.theme import rgb
from normocyte.reports.drawing.tiling import squares
from normocyte.reports.smear import words
from normocyte.results.smear import Smear, Suspect
from normocyte.wording.language import gettext

SOFTWARE = "normocyte smear"
MOST = 100
_ENLARGED, _LARGEST_PX, _SMALLEST_PX = 3, 300, 150
_COLUMNS = 4
_MARGIN, _GAP, _BETWEEN = 24, 28, 6
_HEAD_PX, _WORDS_PX = 118, 50
_WHITE = 255
_TITLE = Pen(24, rgb(theme.INK), is_bold=True)
_TEXT = Pen(15, rgb(theme.MUTED))
_NAME = Pen(15, rgb(theme.INK), is_bold=True)
_ALARM = Pen(15, rgb(theme.ANOMALOUS), is_bold=True)


def draw_sheet(smear: Smear) -> bytes:
    """The sheet as PNG, the same bytes for the same smear; one without cells says that there are none."""
    shown = words.suspects(smear)[:MOST]
    side = _side(shown)
    columns, rows = min(_COLUMNS, max(len(shown), 2)), -(-len(shown) // _COLUMNS)
    wide = 2 * side + _BETWEEN
    canvas = np.full(
        (
            _HEAD_PX + rows * (side + _WORDS_PX + _GAP) + _MARGIN,
            2 * _MARGIN + columns * (wide + _GAP) - _GAP,
            3,
        ),
        _WHITE,
        np.uint8,
    )
    _write_head(canvas, smear, len(shown))
    for number, suspect in enumerate(shown):
        row, column = divmod(number, _COLUMNS)
        top, left = _HEAD_PX + row * (side + _WORDS_PX + _GAP), _MARGIN + column * (wide + _GAP)
        _put(canvas[top:, left:][: side + _WORDS_PX, :wide], suspect, number + 1, side)
    return png_bytes(canvas, SOFTWARE)


def _side(shown: Sequence[Suspect]) -> int:
    """How large a picture is: three times the usual photo of a cell, as far as the sheet stays handy."""
    sides = [max(suspect.image.shape[:2]) for suspect in shown]
    usual = float(np.median(sides)) if sides else 0.0
    return int(np.clip(_ENLARGED * usual, _SMALLEST_PX, _LARGEST_PX))


def _write_head(canvas: Canvas, smear: Smear, shown: int) -> None:
    width = canvas.shape[1] - 2 * _MARGIN
    title = words.title(smear)
    lines = (
        (fitted(title, width, _TITLE), 40, _TITLE),
        (fitted(_explained(smear, shown), width, _TEXT), 66, _TEXT),
        (fitted(f"{words.counted(smear)}. {gettext(formatting.RESEARCH_ONLY)}", width, _TEXT), 88, _TEXT),
    )
    for text, baseline, pen in lines:
        write(canvas, text, (_MARGIN, baseline), pen)


def _explained(smear: Smear, shown: int) -> str:
    if not shown:
        return gettext(words.NO_SUSPECTS)
    said = gettext(
        "{title}: photo, and where it is unusual, the yellower the more.", title=words.cells_title(smear)
    )
    return f"{said} {words.not_shown(smear, shown)}"


def _put(canvas: Canvas, suspect: Suspect, number: int, side: int) -> None:
    """Two pictures with their words below."""
    for index, tile in enumerate(squares(suspect, side)):
        canvas[:side, index * (side + _BETWEEN) :][:, :side] = tile
    pen = _ALARM if suspect.verdict.is_flagged else _NAME
    width = canvas.shape[1]
    write(canvas, fitted(f"{number}  {words.verdict_of(suspect)}", width, pen), (0, side + 20), pen)
    write(canvas, fitted(words.place_of(suspect), width, _TEXT), (0, side + 41), _TEXT)
