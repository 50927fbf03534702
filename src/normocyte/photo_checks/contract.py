"""The contract of a field check."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from normocyte.core.fields import Declared, described
from normocyte.core.types import Image8, SegmentedCell
from normocyte.foreground.lit import box_of, lit_disc
from normocyte.photo_checks.support.foreground import Cells, cells_in
from normocyte.photo_checks.support.view import View

Limits = tuple[float, float]


def limits(default: Limits, grade: str, measure: str) -> Limits:
    """A field of a check: the limits within which a measure of a photo has this grade."""
    meaning = f"lowest and highest {measure} of a {grade} photo"
    return described(default, meaning, at_least=0, may_be_infinite=True)


@dataclass(frozen=True)
class Photo:
    """A photo of a field, (height, width, 3) uint8 RGB, and what somebody has found in it.

    `cells` is (height, width), True on a cell; `diameter_px` is that of a typical cell and `count` how many
    there are. Where `cells` is None nobody has looked, and the checks take a first, rough look themselves.
    `pieces` are the things one by one, None where nobody has cut clumps and empty where nothing was found.
    `lit` is (height, width), True on what is seen through an eyepiece, None where that is all of the photo.
    """

    pixels: Image8
    cells: Cells | None = None
    diameter_px: float = 0.0
    count: int = 0
    pieces: Sequence[SegmentedCell] | None = None
    lit: Cells | None = None

    def in_light(self) -> Photo:
        """What lies in the box of the lit disc, with plain ground beyond the disc; itself without a disc."""
        lit = lit_disc(self.pixels)
        if lit is None:
            return self
        own = self.part(box_of(lit))
        inside = np.ascontiguousarray(lit[box_of(lit)])
        bright = own.pixels[inside & (own.pixels[..., 1] >= np.median(own.pixels[..., 1][inside]))]
        ground = np.median(bright, axis=0).astype(np.uint8)
        return replace(own, pixels=np.where(inside[..., np.newaxis], own.pixels, ground), lit=inside)

    def part(self, box: tuple[slice, slice]) -> Photo:
        """The part of the photo in these rows and columns, with the things whose middle lies there."""
        cells, lit = (
            None if mask is None else np.ascontiguousarray(mask[box]) for mask in (self.cells, self.lit)
        )
        own = replace(self, pixels=np.ascontiguousarray(self.pixels[box]), cells=cells, lit=lit)
        if self.pieces is None:
            return own
        pieces = [inside for piece in self.pieces if (inside := _clipped(piece, box)) is not None]
        return replace(own, pieces=pieces, count=len(pieces))

    @cached_property
    def view(self) -> View:
        """The photo at one size of its cells, made once for all checks."""
        if self.cells is None:
            return View.of(self.pixels, *cells_in(self.pixels), self.lit)
        return View.of(self.pixels, self.cells, self.diameter_px, self.count, self.lit)


def _clipped(piece: SegmentedCell, box: tuple[slice, slice]) -> SegmentedCell | None:
    """What lies in a box of a thing whose middle does, at its place there; None for others."""
    rows, columns = box
    middle_y, middle_x = piece.y + piece.height // 2, piece.x + piece.width // 2
    if not (rows.start <= middle_y < rows.stop and columns.start <= middle_x < columns.stop):
        return None
    top, left = max(rows.start - piece.y, 0), max(columns.start - piece.x, 0)
    mask = piece.mask[top : rows.stop - piece.y, left : columns.stop - piece.x]
    return replace(piece, x=piece.x + left - columns.start, y=piece.y + top - rows.start, mask=mask)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a photo: what it means to be below or above `usable`, the limits from lowest to highest.

    `good` lies within `usable`. A side that is not limited has 0 or infinity, and no words.
    """

    name: str
    value: float
    good: Limits
    usable: Limits
    too_low: str = ""
    too_high: str = ""


@dataclass
class Check(Declared, ABC):
    """Measures a photo; fields are the limits, learnt from real fields by `studies/photo_quality/run.py`.

    A measure is finite, 0 or above, of any photo at all, and the same at any resolution that shows the cells.
    """

    @abstractmethod
    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        """Every measure of a photo, always the same ones in the same order."""
