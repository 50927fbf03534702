"""An image with what its file says of how it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from normocyte.core.types import Image8


@dataclass(frozen=True)
class StoredFile:
    """The file of an image: its size, its format, and the luminance quantisation table of a JPEG, else ()."""

    size_bytes: int
    format: str
    quantisation: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class StoredImage:
    """The pixels (height, width, 3) of an image, and its file; None for one that is in memory only."""

    pixels: Image8
    file: StoredFile | None = None

    @cached_property
    def gray(self) -> Image8:
        """The mean of the three channels, (height, width)."""
        return np.asarray(self.pixels.sum(axis=2, dtype=np.uint16) // 3, np.uint8)
