"""The photo with a line around everything that was found in it, and what the lines mean below it."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from normocyte.core.types import Flags, Image8
from normocyte.reports.drawing import theme
from normocyte.reports.drawing.lettering import Canvas, Pen, fitted, width_of, write
from normocyte.reports.drawing.theme import rgb
from normocyte.reports.smear.kinds import LINES, DisplayClass, Line, name_of, way_of
from normocyte.results.smear import Detection
from normocyte.wording.language import counted

_THIN, _MOST_THIN, _THICKER = 640, 4, 2
"""A thin line is a 640th of the photo's longer side, a pixel at least and four at most; a thick one twice."""
_LETTERS, _LEAST_LETTERS = 72, 9
_WHITE = 255
_DASH = 3
_ALWAYS = (DisplayClass.SUSPICIOUS, DisplayClass.HEALTHY)
_INK = rgb(theme.INK)


def outlined(pixels: Image8, detections: Sequence[Detection]) -> Image8:
    """The photo (height, width, 3) uint8 with its things outlined, on a strip that says what the lines mean.

    The strip is added below, so that the picture is higher than the photo. A suspicious cell has a thick line
    around it, outside of its mask, and its number, which is its place in `detections` from 1; every other
    thing has a thin line inside its mask, in dashes where it does not count. All other pixels stay as they
    are.
    """
    drawn = pixels.copy()
    ways = [way_of(detection) for detection in detections]
    thin = int(np.clip(round(max(pixels.shape[:2]) / _THIN), 1, _MOST_THIN))
    for detection, way in zip(detections, ways, strict=True):
        if way is not DisplayClass.SUSPICIOUS:
            _draw_inside(drawn, detection, LINES[way], thin)
    marked = [index for index, way in enumerate(ways) if way is DisplayClass.SUSPICIOUS]
    for place in marked:
        _draw_around(drawn, detections[place], _THICKER * thin)
    _write_numbers(drawn, detections, marked)
    return np.concatenate([drawn, _legend(drawn, Counter(ways), thin)])


def _letters(pixels: Image8) -> int:
    """The size of letters, in pixels, that can be read in a photo of this size."""
    return int(max(_LEAST_LETTERS, round(max(pixels.shape[:2]) / _LETTERS)))


def _grown(mask: Flags, steps: int) -> Flags:
    """The mask with all pixels that are so many steps away; a step goes to the sides, then to corners too."""
    for step in range(steps):
        rows = _beside(mask, mask)
        mask = _beside(rows.T, (rows if step % 2 else mask).T).T | rows
    return mask


def _beside(mask: Flags, source: Flags) -> Flags:
    """The mask and what lies one row above or below the source."""
    grown = mask.copy()
    grown[1:] |= source[:-1]
    grown[:-1] |= source[1:]
    return grown


def _shrunk(mask: Flags, steps: int) -> Flags:
    """The mask without what lies within so many steps, as in `_grown`, of what is not in it."""
    for step in range(steps):
        inner = np.zeros_like(mask)
        column = mask[1:-1] & mask[:-2] & mask[2:]
        beside = column if step % 2 else mask[1:-1]
        inner[1:-1, 1:-1] = column[:, 1:-1] & beside[:, :-2] & beside[:, 2:]
        mask = inner
    return mask


def _draw_inside(drawn: Image8, detection: Detection, line: Line, thin: int) -> None:
    """The outermost pixels of a mask."""
    cell = detection.cell
    mask = np.zeros((cell.height + 2, cell.width + 2), np.bool_)
    mask[1:-1, 1:-1] = cell.mask
    edge = (mask & ~_shrunk(mask, thin))[1:-1, 1:-1]
    if line.is_dashed:
        along = np.arange(cell.height)[:, np.newaxis] + np.arange(cell.width)
        edge &= along // (_DASH * thin + 1) % 2 == 0
    _paint(drawn, edge, (cell.x, cell.y), line.colour)


def _draw_around(drawn: Image8, detection: Detection, thick: int) -> None:
    """A thick line around a mask, with a white edge, so that nothing of the cell is hidden."""
    margin = thick + 1
    mask = np.pad(detection.cell.mask, margin)
    line = _grown(mask, thick)
    place = detection.cell.x - margin, detection.cell.y - margin
    _paint(drawn, _grown(line, 1) & ~line, place, (_WHITE, _WHITE, _WHITE))
    _paint(drawn, line & ~mask, place, LINES[DisplayClass.SUSPICIOUS].colour)


def _paint(drawn: Image8, where: Flags, place: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """Colour the flagged pixels, which begin at this left and top, as far as they lie in the picture."""
    left, top = place
    where = where[max(-top, 0) :, max(-left, 0) :]
    below = drawn[max(top, 0) :, max(left, 0) :][: where.shape[0], : where.shape[1]]
    below[where[: below.shape[0], : below.shape[1]]] = colour


def _write_numbers(drawn: Image8, detections: Sequence[Detection], marked: Sequence[int]) -> None:
    """The number of each suspicious cell beside it, where it hides neither such a cell nor its number."""
    pen = Pen(_letters(drawn), LINES[DisplayClass.SUSPICIOUS].colour, is_bold=True)
    taken = np.zeros(drawn.shape[:2], np.bool_)
    for place in marked:
        cell = detections[place].cell
        taken[max(cell.y, 0) : cell.y + cell.height, max(cell.x, 0) : cell.x + cell.width] = True
    for place in marked:
        text = str(place + 1)
        size = width_of(text, pen) + pen.size_px // 2, round(1.2 * pen.size_px)
        left, top = min(_corners(detections[place], size, drawn), key=lambda at: _hidden(taken, at, size))
        plate = drawn[top : top + size[1], left : left + size[0]]
        plate[:] = _WHITE
        write(plate, text, (pen.size_px // 4, pen.size_px), pen)
        taken[top : top + size[1], left : left + size[0]] = True


def _corners(detection: Detection, size: tuple[int, int], drawn: Image8) -> Iterator[tuple[int, int]]:
    """Left and top of the places beside a cell where a number of this width and height may stand."""
    cell, (width, height) = detection.cell, size
    gap = height // 3
    middle, centre = cell.x + (cell.width - width) // 2, cell.y + (cell.height - height) // 2
    above, below = cell.y - gap - height, cell.y + cell.height + gap
    before, after = cell.x - gap - width, cell.x + cell.width + gap
    for left, top in ((middle, above), (middle, below), (after, centre), (before, centre)):
        yield (
            int(np.clip(left, 0, max(drawn.shape[1] - width, 0))),
            int(np.clip(top, 0, max(drawn.shape[0] - height, 0))),
        )


def _hidden(taken: Flags, place: tuple[int, int], size: tuple[int, int]) -> int:
    left, top = place
    return int(np.count_nonzero(taken[top : top + size[1], left : left + size[0]]))


def _legend(drawn: Image8, ways: Counter[DisplayClass], thin: int) -> Canvas:
    """A white strip that shows each line of the photo, with its meaning and how many there are."""
    pen = Pen(_letters(drawn), _INK)
    step, width = round(1.7 * pen.size_px), drawn.shape[1]
    words = {
        way: f"{name_of(way)} {counted(ways[way])}" for way in DisplayClass if ways[way] or way in _ALWAYS
    }
    places = list(_places(list(words.values()), width, pen))
    strip = np.full((places[-1][1] * step + round(1.9 * pen.size_px), width, 3), _WHITE, np.uint8)
    for (way, text), (left, row) in zip(words.items(), places, strict=True):
        baseline = round(1.3 * pen.size_px) + row * step
        length = round(1.5 * pen.size_px)
        _draw_sample(strip[:, left:][:, :length], LINES[way], baseline - pen.size_px // 3, thin)
        after = left + 2 * pen.size_px
        write(strip, fitted(text, max(width - after, 1), pen), (after, baseline), pen)
    return strip


def _places(words: Sequence[str], width: int, pen: Pen) -> Iterator[tuple[int, int]]:
    """Left and row of each entry of the legend: a new row begins where one does not fit."""
    margin = pen.size_px // 2
    left, row = margin, 0
    for text in words:
        wide = 2 * pen.size_px + width_of(text, pen)
        if left > margin and left + wide + margin > width:
            left, row = margin, row + 1
        yield left, row
        left += wide + round(1.5 * pen.size_px)


def _draw_sample(strip: Canvas, line: Line, middle: int, thin: int) -> None:
    """A piece of a line, as it stands in the photo, across the strip."""
    thick = _THICKER * thin if line.is_thick else thin
    columns = np.arange(strip.shape[1])
    is_ink = columns // (_DASH * thin + 1) % 2 == 0 if line.is_dashed else columns >= 0
    strip[max(middle - thick // 2, 0) :][:thick, is_ink] = line.colour
