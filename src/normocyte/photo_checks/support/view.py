"""The photo at one size of its cells, which all checks share, so that a large one is shrunk once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8
from normocyte.photo_checks.support.foreground import SIDE, Cells, dark_things, resized

Mask8 = npt.NDArray[np.uint8]
Colour = npt.NDArray[np.float64]
Value = TypeVar("Value", bound=np.generic)

DIAMETER = 32
_MOST_SIDE = 1600
_LEAST_SIDE = 64
_RIM = 4
_PALE, _DARKER = 0.6, 25
_AROUND = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _RIM + 1, 2 * _RIM + 1))


@dataclass(frozen=True)
class View:
    """A photo in which a cell is 32 pixels wide, whatever camera took it.

    `pixels` is (height, width, 3) uint8, `cells` (height, width) uint8 is 1 where a cell is and 0 elsewhere.
    A photo without cells is 480 pixels high or wide, whichever is less. No side is above 1,600 pixels.
    `lit` is True on what is seen through an eyepiece, None where that is everything.
    """

    pixels: Image8
    cells: Mask8
    count: int
    lit: Cells | None = None

    @classmethod
    def of(
        cls, pixels: Image8, cells: Cells, diameter_px: float, count: int, lit: Cells | None = None
    ) -> View:
        """The view of a photo (height, width, 3) uint8 of any size; `cells` and `lit` are (height, width)."""
        shorter, longer = sorted(pixels.shape[:2])
        scale = DIAMETER / diameter_px if diameter_px > 0 else SIDE / shorter
        scale = min(max(scale, _LEAST_SIDE / shorter), max(_MOST_SIDE / longer, 1 / shorter))
        shown = resized(pixels, scale)
        mask = _whole(resized(cells.astype(np.uint8) * np.uint8(255), scale))
        if lit is None:
            return cls(shown, mask, count)
        inner = _whole(resized(lit.astype(np.uint8) * np.uint8(255), scale))
        framed = cv2.copyMakeBorder(inner, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_REPLICATE)
        seen = cv2.erode(framed, _AROUND)[_RIM:-_RIM, _RIM:-_RIM] > 0
        return cls(shown, (mask & seen).astype(np.uint8), count, seen if seen.any() else None)

    def seen(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """The lit ones of values (height, width, ...), (n, ...); the same array where everything is lit."""
        return values if self.lit is None else values[self.lit]

    @cached_property
    def green(self) -> Image8:
        """The green channel, which is the light that the stain takes away, (height, width)."""
        return np.ascontiguousarray(self.pixels[..., 1])

    @cached_property
    def things(self) -> Mask8:
        """The cells and all else that is dark, (height, width): a segmenter may leave cells out."""
        return np.asarray(self.cells | dark_things(self.green), np.uint8)

    @cached_property
    def inside(self) -> Cells:
        """What is well inside a cell, (height, width); all of a cell, or of a photo, where there is none."""
        return self._first(cv2.erode(self.cells, _AROUND), self.cells)

    @cached_property
    def outside(self) -> Cells:
        """What is well outside of every thing, (height, width); everything where that is nowhere."""
        return self._first(1 - cv2.dilate(self.things, _AROUND), 1 - self.things)

    @cached_property
    def around(self) -> Cells:
        """The cells and their rims, (height, width); everything where there is no cell."""
        return self._first(cv2.dilate(self.cells, _AROUND))

    @cached_property
    def cell_colour(self) -> Colour:
        """The median red, green and blue inside the cells, (3,), 0 to 255; of their darker half in pale ones.

        Cells are pale where the middle takes away less than 0.6 of the green light that their darker quarter
        does; in the fields that the limits were learnt from it is 0.77 at least.
        """
        inside = colour_of(self.pixels, self.inside)
        own = self.green[self.cells > 0]
        if not own.size:
            return inside
        ground = float(self.background_colour[1])
        if ground - inside[1] >= _PALE * (ground - float(np.percentile(own, _DARKER))):
            return inside
        stained = (self.cells > 0) & (self.green <= np.median(own))
        return colour_of(self.pixels, stained)

    @cached_property
    def background_colour(self) -> Colour:
        """The median red, green and blue outside of the cells, (3,), 0 to 255."""
        return colour_of(self.pixels, self.outside)

    @cached_property
    def contrast(self) -> float:
        """By how much a cell is darker than the background in green, at least 1."""
        return max(float(self.background_colour[1] - self.cell_colour[1]), 1.0)

    def _first(self, *masks: npt.NDArray[np.generic]) -> Cells:
        """The first mask that is not empty where the photo is lit; everything lit where all are."""
        lit = np.ones(self.cells.shape, np.bool_) if self.lit is None else self.lit
        found = (np.asarray(mask).astype(np.bool_) & lit for mask in masks)
        return next((mask for mask in found if mask.any()), lit)


def colour_of(pixels: Image8, where: Cells) -> Colour:
    """The median of each channel of pixels (height, width, channels) where a mask is True, (channels,)."""
    mask = np.ascontiguousarray(where).view(np.uint8)
    counts = [cv2.calcHist([channel], [0], mask, [256], [0, 256]).ravel() for channel in cv2.split(pixels)]
    return np.array([_middle(one.astype(np.intp)) for one in counts])


def _middle(counts: npt.NDArray[np.intp]) -> float:
    """The median of bytes of which so many have each value; NaN for none."""
    below = np.cumsum(counts)
    if not below[-1]:
        return float("nan")
    lower, upper = np.searchsorted(below, [(below[-1] + 1) // 2, below[-1] // 2 + 1])
    return float(lower + upper) / 2


def _whole(share: Mask8) -> Mask8:
    """1 where half a pixel or more, of 255, is covered."""
    return (share > 127).astype(np.uint8)  # noqa: PLR2004 - half
