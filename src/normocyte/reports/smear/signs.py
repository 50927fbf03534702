"""The sign of each decision on paper: a shape of its own, so that it needs no colour."""

from __future__ import annotations

from matplotlib.patches import Circle, Ellipse, Patch, Polygon, Rectangle

from normocyte.reports.drawing import theme
from normocyte.reports.drawing.paper import Ink, Paper

SIDE = 40.0
STYLES = {"dashes": (0, (4, 3)), "square": (0, (1, 1.5))}
"""How the frame around a decision is drawn, where not by one line."""
_COLOURS = {
    "triangle": theme.ANOMALOUS,
    "diamond": theme.ANOMALOUS,
    "circle": theme.HEALTHY,
    "tick": theme.HEALTHY,
}
_MARKS = {
    "triangle": "!",
    "circle": "\N{EN DASH}",
    "square": "\N{MULTIPLICATION SIGN}",
    "dashes": "?",
}


def colour_of(sign: str) -> str:
    """The colour of a sign and of its title."""
    return _COLOURS.get(sign, theme.INK)


def draw_sign(paper: Paper, sign: str, left: float, top: float) -> None:
    """The shape with its mark, whose corner stands at this place."""
    colour, middle = colour_of(sign), left + SIDE / 2
    paper.draw(_shape(sign, left, top, colour))
    if sign == "tick":
        xs = (left + 11, left + 17.5, left + 29)
        paper.line(xs, (top + 20, top + 26.5, top + 13), colour, 3)
        return
    if sign == "diamond":
        eye = middle, top + SIDE / 2 - 1
        paper.draw(
            Ellipse(eye, 21, 12, fill=False, ec=colour, lw=2.2), Circle(eye, 2.6, fc=colour, ec=colour)
        )
        return
    ink = Ink(24, theme.PAPER if sign == "triangle" else colour, is_bold=True)
    paper.text(_MARKS[sign], (middle, top + 30), ink, "center")


def _shape(sign: str, left: float, top: float, colour: str) -> Patch:
    middle = left + SIDE / 2
    if sign == "triangle":
        corners = [(middle, top), (left + SIDE, top + SIDE - 3), (left, top + SIDE - 3)]
        return Polygon(corners, fc=colour, ec=colour, lw=2, joinstyle="round")
    if sign == "diamond":
        height = top + SIDE / 2 - 1
        corners = [(middle, top - 2), (left + SIDE + 1, height), (middle, top + SIDE), (left - 1, height)]
        return Polygon(corners, fill=False, ec=colour, lw=2.5, joinstyle="round")
    if sign == "square":
        return Rectangle((left + 2, top + 1), SIDE - 4, SIDE - 4, fill=False, ec=colour, lw=2.5)
    style = STYLES["dashes"] if sign == "dashes" else "-"
    return Circle((middle, top + SIDE / 2 - 1), SIDE / 2 - 2, fill=False, ec=colour, lw=2.5, ls=style)
