"""How many pixels have how much red, green and blue."""

from typing import ClassVar, final

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Floats, Image8
from normocyte.shortcuts.contract import Shortcut

_BINS = 16
_GRAY = 1.0
"""Channels that differ by no more gray levels than this on average hold no colour."""


@final
class ColourHistogram(Shortcut):
    """The roots of the shares of pixels in 16 ranges of red, of green and of blue; nothing of gray images."""

    title: ClassVar[str] = "colour histogram"

    def measure(self, image: StoredImage) -> Floats:
        """The roots, (48,); all 0 for an image without colour."""
        red, green, blue = (np.ascontiguousarray(image.pixels[..., place]) for place in range(3))
        if _difference(red, green) <= _GRAY and _difference(blue, green) <= _GRAY:
            return np.zeros(3 * _BINS)
        counts = [np.bincount(one.ravel() // (256 // _BINS), minlength=_BINS) for one in (red, green, blue)]
        return np.sqrt(np.concatenate(counts) / image.gray.size)


def _difference(one: Image8, other: Image8) -> float:
    return float(np.mean(np.maximum(one, other) - np.minimum(one, other)))
