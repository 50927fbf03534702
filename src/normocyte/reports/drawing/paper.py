"""A sheet of paper to draw on, in points from its left and its top: no text leaves its place."""

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from normocyte.reports.drawing import theme
from normocyte.reports.drawing.lettering import GAP, Pen, drawable, fitted, width_of

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 40.0
INNER = WIDTH - 2 * MARGIN
_POINTS_PER_INCH = 72
_FINE = 8
_SURE = 0.99
"""Letters on a screen are a little wider than on paper."""
_NO_COLOUR = (0, 0, 0)


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


@dataclass
class Paper:
    """One A4 sheet; `y` is how far down it is written on. To be used within `theme.styled`."""

    y: float = MARGIN
    figure: Figure = field(
        default_factory=lambda: Figure((WIDTH / _POINTS_PER_INCH, HEIGHT / _POINTS_PER_INCH))
    )
    axes: Axes = field(init=False)

    def __post_init__(self) -> None:
        """One plot over the whole sheet, whose units are points."""
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)
        self.axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))

    def text(self, text: str, place: tuple[float, float], ink: Ink, align: str = "left") -> None:
        """One line whose baseline stands at this place."""
        weight = "bold" if ink.is_bold else "normal"
        told = drawable(text)
        self.axes.text(*place, told, size=ink.size, color=ink.colour, weight=weight, ha=align, va="baseline")

    def fitted(self, text: str, place: tuple[float, float], ink: Ink, width: float) -> None:
        """One line, shortened in its middle to this width."""
        self.text(fitted(text, int(_SURE * _FINE * width), _pen(ink)), place, ink)

    def paragraph(self, text: str, box: tuple[float, float], ink: Ink, most: int) -> None:
        """Lines in a column with this left and width, from `y` on, which moves below them."""
        for line in wrapped(text, box[1], ink, most) if text else ():
            self.y += ink.leading
            self.text(line, (box[0], self.y), ink)

    def draw(self, *patches: Patch) -> None:
        """Shapes in points."""
        for patch in patches:
            self.axes.add_patch(patch)

    def line(
        self, xs: Iterable[float], ys: Iterable[float], colour: str = theme.GRID, width: float = 0.8
    ) -> None:
        """A line through these places."""
        self.axes.plot(list(xs), list(ys), color=colour, lw=width, solid_capstyle="butt")

    def picture(self, pixels: npt.NDArray[np.uint8], left: float, top: float, side: float) -> None:
        """A square picture; it keeps its own pixels."""
        extent = (left, left + side, top + side, top)
        self.axes.imshow(pixels, extent=extent, aspect="auto", interpolation="none")
        self.axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))


def wrapped(text: str, width: float, ink: Ink, most: int) -> list[str]:
    """The text in lines no wider than this, at most so many: what is left is cut off with a gap at its end.

    A word that is too long for a line is broken.
    """
    lines, words = [""], drawable(text).split()[::-1]
    while words:
        word = words.pop()
        joined = f"{lines[-1]} {word}".strip()
        at = _fitting(joined, width, ink)
        if at == len(joined):
            lines[-1] = joined
        elif len(lines) == most:
            lines[-1] = joined[: _fitting(joined, width - _wide(GAP, ink), ink)].rstrip() + GAP
            break
        elif lines[-1]:
            lines.append("")
            words.append(word)
        else:
            lines[-1] = word[: max(at, 1)]
            lines.append("")
            words.extend([word[max(at, 1) :]] * (len(word) > 1))
    return lines


def _fitting(text: str, width: float, ink: Ink) -> int:
    """How many of its first letters are no wider together than this."""
    ends = itertools.accumulate(_wide(letter, ink) for letter in text)
    return sum(1 for _ in itertools.takewhile(lambda end: end <= _SURE * width, ends))


@functools.lru_cache(maxsize=4096)
def _wide(letter: str, ink: Ink) -> float:
    return width_of(letter, _pen(ink)) / _FINE


def _pen(ink: Ink) -> Pen:
    """The same in pixels, finer than a point, in which the width of a text is measured."""
    return Pen(_FINE * ink.size, _NO_COLOUR, ink.is_bold)
