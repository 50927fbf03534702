"""Words on pixels by Pillow, in the font that comes with Matplotlib."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

Canvas = npt.NDArray[np.uint8]

_UNKNOWN = "?"
GAP = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Pen:
    """Size in pixels, colour as red, green and blue, and whether it is bold."""

    size_px: int
    colour: tuple[int, int, int]
    is_bold: bool = False


def write(canvas: Canvas, text: str, place: tuple[int, int], pen: Pen) -> int:
    """Write on the canvas (height, width, 3) uint8, `place` being (left, baseline); gives the width in px.

    What would stand outside the canvas is left out.
    """
    left, baseline = place
    top = max(baseline - 2 * pen.size_px, 0)
    strip = canvas[top : max(baseline + pen.size_px, 0), left:]
    if strip.size:
        picture = Image.fromarray(strip)
        font = _font(pen.size_px, pen.is_bold)
        ImageDraw.Draw(picture).text((0, baseline - top), drawable(text), pen.colour, font, anchor="ls")
        strip[:] = np.asarray(picture)
    return width_of(text, pen)


def width_of(text: str, pen: Pen) -> int:
    """How many pixels wide the text is."""
    return math.ceil(_font(pen.size_px, pen.is_bold).getlength(drawable(text)))


def fitted(text: str, width_px: int, pen: Pen) -> str:
    """The text, or as much of its beginning and end as fits into this width."""
    return shortened(text, width_px, lambda own: width_of(own, pen))


def shortened(text: str, width: float, width_of: Callable[[str], float]) -> str:
    """The text, or as much of its beginning and end as is no wider than this by a measure of its own."""
    if width_of(text) <= width:
        return text
    low, high = 0, min(len(text), int(width))
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(_without_middle(text, middle)) <= width:
            low = middle
        else:
            high = middle - 1
    return _without_middle(text, low)


def drawable(text: str) -> str:
    """The text with a question mark for each character that the font cannot draw."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if ord(letter) in _letters() else _UNKNOWN for letter in text)


def _without_middle(text: str, kept: int) -> str:
    ending = kept // 2
    return text[: kept - ending] + GAP + text[len(text) - ending :]


@functools.lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """The characters that can be drawn plain and bold."""
    plain, bold = (typeface(is_bold).face.charToGlyph for is_bold in (False, True))
    return frozenset(plain.keys() & bold.keys())


@functools.lru_cache(maxsize=2)
def typeface(is_bold: bool) -> "TTFont":
    """The font as ReportLab takes it."""
    from reportlab.pdfbase.ttfonts import TTFont  # few texts need more than ASCII

    return TTFont(f"normocyte-{'bold' if is_bold else 'plain'}", str(_path(is_bold)))


@functools.lru_cache(maxsize=32)
def _font(size_px: int, is_bold: bool) -> ImageFont.FreeTypeFont:
    # The basic layout is the same on every machine; the other one depends on a library of the system.
    return ImageFont.truetype(_path(is_bold), size_px, layout_engine=ImageFont.Layout.BASIC)


def _path(is_bold: bool) -> Path:
    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    found = find_spec("matplotlib")  # where it is, without importing it
    places = found.submodule_search_locations if found else None
    return Path(*(places or ())[:1], "mpl-data", "fonts", "ttf", name)
