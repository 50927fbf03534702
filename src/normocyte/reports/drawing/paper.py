"""A sheet of paper to draw on, in points from its left and its top: no text leaves its place."""

import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from normocyte.images.writing import jpeg_bytes
from normocyte.reports.drawing import theme
from normocyte.reports.drawing.lettering import GAP, drawable, shortened, typeface

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 40.0
INNER = WIDTH - 2 * MARGIN
_SOFTWARE = "normocyte"
_ROUND = 1

Mark = Callable[[Canvas], None]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is set: its size in points, its colour, and whether it is bold."""

    size: int
    colour: str = theme.INK
    is_bold: bool = False

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return 1.32 * self.size

    @property
    def font(self) -> str:
        """The name of its font, which is then known to ReportLab."""
        found = typeface(self.is_bold)
        if found.fontName not in getRegisteredFontNames():
            registerFont(found)
        return str(found.fontName)

    def width_of(self, text: str) -> float:
        """How many points wide a text is that can be drawn."""
        return float(stringWidth(text, self.font, self.size))


@dataclass(frozen=True, slots=True)
class Line:
    """How a line or a shape is drawn: colour, width of its outline in points, filled or not.

    `dashes` are the lengths of dashes and gaps in widths of the line, `cover` is how much is hidden of what
    lies below, from 0 to 1.
    """

    colour: str = theme.GRID
    width: float = 0.8
    dashes: Sequence[float] = ()
    is_filled: bool = False
    cover: float = 1.0

    def set_on(self, canvas: Canvas) -> None:
        """Draw with it from now on."""
        canvas.setLineWidth(self.width)
        canvas.setDash([self.width * length for length in self.dashes])
        canvas.setStrokeColor(self.colour, self.cover)
        canvas.setFillColor(self.colour, self.cover)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on a sheet: where it begins, the height of its baseline, and how it is set."""

    words: str
    left: float
    baseline: float
    ink: Ink

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.ink.width_of(self.words)

    def put_on(self, canvas: Canvas) -> None:
        """Write it."""
        canvas.setFont(self.ink.font, self.ink.size)
        canvas.setFillColor(self.ink.colour, 1.0)
        canvas.drawString(self.left, HEIGHT - self.baseline, self.words)


@dataclass
class Paper:
    """One A4 sheet; `y` is how far down it is written on. Its texts stand on its shapes and pictures."""

    y: float = MARGIN
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def text(self, text: str, place: Place, ink: Ink, align: str = "left") -> None:
        """One line whose baseline stands at this place: begins, ends or has its `center` there."""
        told = drawable(text)
        before = {"left": 0.0, "center": 0.5, "right": 1.0}[align] * ink.width_of(told)
        self.texts.append(Text(told, place[0] - before, place[1], ink))

    def fitted(self, text: str, place: Place, ink: Ink, width: float) -> None:
        """One line, shortened in its middle to this width."""
        self.text(shortened(drawable(text), width, ink.width_of), place, ink)

    def paragraph(self, text: str, box: Place, ink: Ink, most: int) -> None:
        """Lines in a column with this left and width, from `y` on, which moves below them."""
        for line in wrapped(text, box[1], ink, most) if text else ():
            self.y += ink.leading
            self.text(line, (box[0], self.y), ink)

    def line(self, xs: Iterable[float], ys: Iterable[float], line: Line = Line()) -> None:
        """A line through these places."""
        self._path([*zip(xs, ys, strict=True)], line, is_closed=False)

    def polygon(self, corners: Sequence[Place], line: Line) -> None:
        """A shape with these corners."""
        self._path(corners, line, is_closed=True)

    def oval(self, middle: Place, size: Place, line: Line) -> None:
        """An ellipse of this width and height around a place."""
        left, bottom = middle[0] - size[0] / 2, HEIGHT - middle[1] - size[1] / 2

        def mark(canvas: Canvas) -> None:
            line.set_on(canvas)
            canvas.ellipse(left, bottom, left + size[0], bottom + size[1], fill=int(line.is_filled))

        self.marks.append(mark)

    def box(self, corner: Place, size: Place, line: Line, radius: float = 0.0) -> None:
        """A rectangle of this width and height with its left and top corner at a place, its corners round."""
        bottom = HEIGHT - corner[1] - size[1]

        def mark(canvas: Canvas) -> None:
            line.set_on(canvas)
            drawn = {"stroke": int(line.width > 0), "fill": int(line.is_filled)}
            canvas.roundRect(corner[0], bottom, *size, radius, **drawn)

        self.marks.append(mark)

    def picture(self, pixels: npt.NDArray[np.uint8], left: float, top: float, side: float) -> None:
        """A square picture, as a fine JPEG."""
        picture = ImageReader(io.BytesIO(jpeg_bytes(pixels, is_fine=True)))
        self.marks.append(lambda canvas: canvas.drawImage(picture, left, HEIGHT - top - side, side, side))

    def _path(self, places: Sequence[Place], line: Line, is_closed: bool) -> None:
        def mark(canvas: Canvas) -> None:
            line.set_on(canvas)
            path = canvas.beginPath()
            path.moveTo(places[0][0], HEIGHT - places[0][1])
            for x, y in places[1:]:
                path.lineTo(x, HEIGHT - y)
            if is_closed:
                path.close()
            canvas.drawPath(path, fill=int(line.is_filled))

        self.marks.append(mark)


def pdf_of(papers: Iterable[Paper], title: str) -> bytes:
    """The sheets as the pages of a PDF with this title, the same bytes for the same sheets."""
    content = io.BytesIO()
    with _bytes_in_streams():
        canvas = Canvas(content, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=Ink(1).font)
        canvas.setTitle(drawable(title))
        for told in (canvas.setAuthor, canvas.setSubject, canvas.setCreator, canvas.setProducer):
            told(_SOFTWARE)
        for paper in papers:
            canvas.setLineJoin(_ROUND)
            for mark in paper.marks:
                mark(canvas)
            for text in paper.texts:
                text.put_on(canvas)
            canvas.showPage()
        canvas.save()
    return content.getvalue()


@contextmanager
def _bytes_in_streams() -> Iterator[None]:
    """Pictures are bytes in the PDF while the block runs; as text, ReportLab's default, they take long."""
    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        yield
    finally:
        rl_config.useA85 = before


def wrapped(text: str, width: float, ink: Ink, most: int) -> list[str]:
    """The text in lines no wider than this, at most so many: what is left is cut off with a gap at its end.

    A word that is too long for a line is broken.
    """
    lines, words = [""], drawable(text).split()[::-1]
    while words:
        word = words.pop()
        joined = f"{lines[-1]} {word}".strip()
        if ink.width_of(joined) <= width:
            lines[-1] = joined
        elif len(lines) == most:
            lines[-1] = joined[: _fitting(joined, width - ink.width_of(GAP), ink)].rstrip() + GAP
            break
        elif lines[-1]:
            lines.append("")
            words.append(word)
        else:
            at = max(_fitting(word, width, ink), 1)
            lines[-1] = word[:at]
            lines.append("")
            words.extend([word[at:]] * (len(word) > 1))
    return lines


def _fitting(text: str, width: float, ink: Ink) -> int:
    """How many of its first letters are no wider together than this."""
    ends = itertools.accumulate(map(ink.width_of, text))
    return sum(1 for _ in itertools.takewhile(lambda end: end <= width, ends))
