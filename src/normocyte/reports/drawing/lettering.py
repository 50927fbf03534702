"""Words on pixels, in the font that comes with Matplotlib, a thousand times faster than a figure."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font

Canvas = npt.NDArray[np.uint8]

_UNKNOWN = "?"
_GAP = "\N{HORIZONTAL ELLIPSIS}"
_SUBPIXELS = 64


@dataclass(frozen=True, slots=True)
class Pen:
    """Size in pixels, colour as red, green and blue, and whether it is bold."""

    size_px: int
    colour: tuple[int, int, int]
    is_bold: bool = False


_ANY = Pen(12, (0, 0, 0))


def write(canvas: Canvas, text: str, place: tuple[int, int], pen: Pen) -> int:
    """Write on the canvas (height, width, 3) uint8, `place` being (left, baseline); gives the width in px.

    What would stand outside the canvas is left out.
    """
    font = _font(pen)
    font.set_text(_known(text, font))
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.asarray(font.get_image(), np.float32)[..., None] / 255
    left, top = place[0], place[1] - len(ink) + font.get_descent() // _SUBPIXELS
    below = canvas[max(top, 0) : max(top + len(ink), 0), left:][:, : ink.shape[1]]
    ink = ink[max(-top, 0) :][: len(below), : below.shape[1]]
    below[:] = (below + ink * (np.array(pen.colour, np.float32) - below)).round().astype(np.uint8)
    return int(font.get_width_height()[0]) // _SUBPIXELS


def width_of(text: str, pen: Pen) -> int:
    """How many pixels wide the text is."""
    font = _font(pen)
    font.set_text(_known(text, font))
    return int(font.get_width_height()[0]) // _SUBPIXELS


def fitted(text: str, width_px: int, pen: Pen) -> str:
    """The text, or as much of its beginning and end as fits into this width."""
    if width_of(text, pen) <= width_px:
        return text
    low, high = 0, min(len(text), width_px)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(_shortened(text, middle), pen) <= width_px:
            low = middle
        else:
            high = middle - 1
    return _shortened(text, low)


def drawable(text: str) -> str:
    """The text with a question mark for each character that the font cannot draw."""
    return _known(text, _font(_ANY))


def _shortened(text: str, kept: int) -> str:
    ending = kept // 2
    return text[: kept - ending] + _GAP + text[len(text) - ending :]


def _known(text: str, font: FT2Font) -> str:
    """The text with a question mark for each character that the font cannot draw."""
    return "".join(letter if font.get_char_index(ord(letter)) else _UNKNOWN for letter in text)


@functools.lru_cache(maxsize=16)
def _font(pen: Pen) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if pen.is_bold else "DejaVuSans.ttf"
    font = FT2Font(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name))
    font.set_size(pen.size_px, 72)
    return font
