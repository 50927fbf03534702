"""The types that travel between packages, arrays among them.

Said once, for every package: a higher score is more anomalous, and label 1 is the anomaly.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

HEALTHY = 0
ANOMALY = 1
UNKNOWN_PATIENT = ""
"""The patient of a cell of whom nothing says whose it is."""
Pixels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]
Maps = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int8]
Names = npt.NDArray[np.str_]

Image8 = npt.NDArray[np.uint8]
"""Pixels as they are read: (height, width, 3) RGB, 0 to 255."""
Plane = npt.NDArray[np.float32]
"""One channel of an image, (height, width)."""
Floats = npt.NDArray[np.float64]
Table = Floats
"""Numbers by row and column, (rows, columns)."""
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Numbers = Rows
"""Whole numbers that count or point to rows."""


class Part(enum.StrEnum):
    """Where a cell stands in a split; every patient has cells in one part, besides `left_out`."""

    TRAIN = "train"
    HELD_OUT = "held_out"
    CALIBRATION = "calibration"
    TUNING = "tuning"
    TEST = "test"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where the bytes of one image lie: a file, or a member of a zip file."""

    path: Path
    member: str = ""

    def __str__(self) -> str:
        """Path, and the member after an exclamation mark."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    @property
    def name(self) -> str:
        """The file name alone, without its folders."""
        return Path(self.member).name if self.member else self.path.name


@dataclass(frozen=True, slots=True, order=True)
class MemorySource(Source):
    """An image that is in memory already: its pixels, and a path that only names it."""

    pixels: Image8 = field(default_factory=lambda: np.zeros((0, 0, 3), np.uint8), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One labelled image of a data set: label 0 is healthy, 1 is an anomaly."""

    source: Source
    label: int
    patient: str
    group: str = ""


class Sample:
    """One image under way; nothing in it is changed.

    `pixels` is (height, width, channels) float32. `mask` is (height, width) uint8: 0 does not count, 1
    counts, and values above 1 name a region of the cell (written by `cell_regions`, read by
    `regional_tail`). `image` are the same pixels as bytes, where no step has changed them yet; without
    `pixels` these are made of it when they are first asked for.
    """

    __slots__ = ("_inside", "_paint", "_pixels", "image", "mask")

    def __init__(self, pixels: Pixels | None, mask: Mask, image: npt.NDArray[np.uint8] | None = None) -> None:
        self._pixels = pixels
        self._inside: Pixels | None = None
        self._paint: Callable[[], Pixels] | None = None
        self.mask = mask
        self.image = image

    @classmethod
    def unpainted(cls, inside: Pixels, mask: Mask, paint: Callable[[], Pixels]) -> Sample:
        """A sample whose pixels are right where the mask counts; `paint` gives all of them when asked."""
        sample = cls(None, mask)
        sample._inside, sample._paint = inside, paint
        return sample

    @property
    def pixels(self) -> Pixels:
        """The pixels, (height, width, channels) float32."""
        if self._pixels is None:
            self._pixels = self._paint() if self._paint else np.asarray(self.image, np.float32)
        return self._pixels

    @property
    def inside(self) -> Pixels:
        """The pixels for who looks at what counts only: elsewhere stand finite numbers of no meaning."""
        return self.pixels if self._inside is None else self._inside

    def with_mask(self, mask: Mask) -> Sample:
        """The same pixels with another mask."""
        return Sample(self._pixels if self._paint is None else self.pixels, mask, self.image)


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples of one size, stacked.

    Pixels (n, height, width, channels) float32, masks (n, height, width) uint8.
    """

    pixels: Pixels
    masks: Mask

    def __len__(self) -> int:
        """How many samples there are."""
        return len(self.pixels)

    def take(self, rows: npt.NDArray[np.intp]) -> Batch:
        """The samples at these row numbers, in that order."""
        return Batch(self.pixels[rows], self.masks[rows])


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; all three are NaN where the data cannot say."""

    value: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        """Value and interval, each in this format."""
        spec = spec or ".3f"
        return f"{self.value:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


class CellKind(enum.StrEnum):
    """What a thing found in a field of a smear is."""

    RED_CELL = "red_cell"
    OVERLAPPING = "overlapping"
    BORDER = "border"
    LEUCOCYTE = "leucocyte"
    PLATELET = "platelet"
    DEBRIS = "debris"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True, eq=False)
class SegmentedCell:
    """One thing in a field: its box in pixels, its mask in that box, and what it is.

    `x` and `y` are the left and the top pixel of the box, `mask` is (height, width) bool. `neighbours` is the
    number of cells that it touches. `is_covered`: a burnt-in bar or text lies over it.
    `certainty`: how sure the kind is, 0.5 to 1; NaN where nothing says.
    """

    x: int
    y: int
    mask: npt.NDArray[np.bool_] = field(compare=False)
    kind: CellKind
    neighbours: int = 0
    is_covered: bool = False
    certainty: float = float("nan")

    @property
    def width(self) -> int:
        """The width of the box in pixels."""
        return int(self.mask.shape[1])

    @property
    def height(self) -> int:
        """The height of the box in pixels."""
        return int(self.mask.shape[0])

    @property
    def area_px(self) -> int:
        """How many pixels the mask holds."""
        return int(np.count_nonzero(self.mask))
