"""The contract of a field check."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from normocyte.core.types import SegmentedCell
from normocyte.fields._foreground import Cells, Image8, cells_in
from normocyte.fields._view import View

Limits = tuple[float, float]


@dataclass(frozen=True)
class Photo:
    """A photo of a field, (height, width, 3) uint8 RGB, and what somebody has found in it.

    `cells` is (height, width), True on a cell; `diameter_px` is that of a typical cell and `count` how many
    there are. Where `cells` is None nobody has looked, and the checks take a first, rough look themselves.
    `pieces` are the things one by one, None where nobody has cut clumps and empty where nothing was found.
    """

    pixels: Image8
    cells: Cells | None = None
    diameter_px: float = 0.0
    count: int = 0
    pieces: Sequence[SegmentedCell] | None = None

    @cached_property
    def view(self) -> View:
        """The photo at one size of its cells, made once for all checks."""
        if self.cells is None:
            return View.of(self.pixels, *cells_in(self.pixels))
        return View.of(self.pixels, self.cells, self.diameter_px, self.count)


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
class Check(ABC):
    """Measures a photo; fields are the limits, learnt from real fields by `benchmarks/field_quality.py`.

    A measure is finite, 0 or above, of any photo at all, and the same at any resolution that shows the cells.
    """

    @abstractmethod
    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        """Every measure of a photo, always the same ones in the same order."""
