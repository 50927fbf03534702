"""The contract of a segmenter."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ImageError
from normocyte.core.fields import Declared
from normocyte.core.types import Image8, SegmentedCell

Labels = npt.NDArray[np.int32]

_COLOURS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The cells of one field, from top to bottom.

    `diameter_px` is the median diameter of its whole red cells, that of a disc of the same area, NaN where
    there are none. `bar_px` is the length of a burned-in scale bar, NaN where none was found; what is written
    beside a bar is not read.
    """

    cells: list[SegmentedCell]
    diameter_px: float
    bar_px: float


@dataclass
class Segmenter(Declared, ABC):
    """Finds the cells of a field; fields are its parameters, and no length among them is in pixels.

    The same picture gives the same cells. A picture without cells gives none.
    """

    @abstractmethod
    def find(self, pixels: Image8) -> Field:
        """The cells of a checked picture, (height, width, 3) uint8 RGB."""

    def segment(self, pixels: Image8) -> Field:
        """The cells of a picture, (height, width, 3) uint8 RGB; ImageError for anything else."""
        if (
            pixels.ndim != _COLOURS
            or pixels.shape[2] != _COLOURS
            or pixels.dtype != np.uint8
            or not pixels.size
        ):
            raise ImageError(
                f"A field has the shape {pixels.shape} and the type {pixels.dtype}; "
                "give RGB pixels, (height, width, 3) uint8."
            )
        return self.find(np.ascontiguousarray(pixels))
