"""Pixels to the range that a network likes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.fields import described
from normocyte.core.types import Pixels, Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import counted_pixels

Values = npt.NDArray[np.float32]

_WHITE = np.float32(255)


@dataclass
class Normalise(Step):
    """Scales pixels by one rule: "unit" divides by 255; the other two look at each channel of what counts.

    "standard" gives it mean 0 and standard deviation 1, "minmax" the range 0..1 (pixels that do not count are
    clipped to it). A channel of one value becomes 0.
    """

    method: str = described("unit", "method of scaling", one_of=("unit", "standard", "minmax"))

    def apply(self, sample: Sample) -> Sample:
        if self.method == "unit":
            return Sample(sample.pixels / _WHITE, sample.mask)
        counted = np.ascontiguousarray(counted_pixels(sample.pixels, sample.mask).T)
        scale = _standard if self.method == "standard" else _minmax
        return Sample(scale(sample.pixels, counted), sample.mask)


def _standard(pixels: Pixels, counted: Values) -> Pixels:
    """Each channel less its mean, in standard deviations."""
    return _scaled(pixels, counted.mean(axis=1, dtype=np.float64), counted.std(axis=1, dtype=np.float64))


def _minmax(pixels: Pixels, counted: Values) -> Pixels:
    """Each channel from its smallest to its largest counted value."""
    low = counted.min(axis=1).astype(np.float64)
    return np.clip(_scaled(pixels, low, counted.max(axis=1) - low), np.float32(0), np.float32(1))


def _scaled(pixels: Pixels, zero: npt.NDArray[np.float64], unit: npt.NDArray[np.float64]) -> Pixels:
    """(pixels - zero) / unit; 0 where the unit is no more than rounding."""
    is_flat = unit <= 1e-6 * np.abs(zero)
    with_unit = np.where(is_flat, 1.0, unit)
    shifted = pixels - zero.astype(np.float32)
    scaled = np.divide(shifted, with_unit, dtype=np.float32, casting="same_kind")
    scaled[..., is_flat] = 0
    return scaled
