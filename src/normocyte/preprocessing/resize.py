"""Any size to one square size."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.fields import described
from normocyte.core.types import Mask, Pixels, Plane, Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.background import painted_background
from normocyte.preprocessing.support.channels import (
    COLOURS,
    cell_medians,
    nothing_counts,
    with_channel_axis,
)

_HALF = np.float32(0.5)
_LEAST = np.float32(1e-6)
_FOUR, _QUARTER = np.uint16(4), np.float32(0.25)


@dataclass
class Resize(Step):
    """Gives a square picture, by area average when shrinking and linear when enlarging.

    `masked`: with W = average(mask), I = average(pixels * mask) / W, and a pixel counts where W >= .5. Where
    W is 0 stands the cell's own median. Region names in the mask become plain ones: put `cell_regions` after
    this step.
    """

    size: int = described(64, "side of the picture", unit="pixels", at_least=8, at_most=1024)
    masked: bool = described(True, "average only pixels that count, so that no padding leaks into the rim")

    def apply(self, sample: Sample) -> Sample:
        counted = (sample.mask > 0).view(np.uint8)
        if cv2.countNonZero(counted) == counted.size:
            return Sample(self._resized(sample.pixels), np.ones((self.size, self.size), np.uint8))
        weight = self._resized(counted)[..., 0]
        mask = (weight >= _HALF).view(np.uint8)
        if not self.masked:
            return Sample(self._resized(sample.pixels), mask)
        return self._masked_average(sample, counted, weight, mask)

    def _masked_average(self, sample: Sample, counted: Mask, weight: Plane, mask: Mask) -> Sample:
        """The average over the pixels that count, (size, size, channels)."""
        if not counted.any():
            raise nothing_counts()
        pixels = sample.pixels if sample.image is None else sample.image  # bytes are masked at a quarter
        total = self._resized(np.asarray(cv2.copyTo(pixels, counted), pixels.dtype))
        some = np.maximum(weight, _LEAST)
        is_coloured = total.shape[2] == COLOURS
        for_each = (
            cv2.cvtColor(some, cv2.COLOR_GRAY2RGB) if is_coloured else cv2.merge([some] * total.shape[2])
        )
        average = with_channel_axis(cv2.divide(total, for_each))

        def painted() -> Pixels:
            anything = (some > _LEAST).view(np.uint8)
            return painted_background(average, anything, cell_medians(pixels, counted))

        return Sample.unpainted(average, mask, painted)

    def _resized(self, pixels: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
        """A plain resize: first shrink what is too large, then enlarge what is too small."""
        if pixels.dtype == np.uint8 and pixels.shape[:2] == (2 * self.size, 2 * self.size):
            return self._halved(pixels)
        height, width = (min(self.size, side) for side in pixels.shape[:2])
        floats = with_channel_axis(pixels)
        smaller = cv2.resize(floats, (width, height), interpolation=cv2.INTER_AREA)
        if (height, width) == (self.size, self.size):
            return with_channel_axis(smaller)
        return with_channel_axis(cv2.resize(smaller, (self.size, self.size), interpolation=cv2.INTER_LINEAR))

    def _halved(self, pixels: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
        """The same of bytes twice as large, in whole numbers: the mean of fourfold bytes is their sum."""
        fourfold = pixels.astype(np.uint16)
        fourfold *= _FOUR
        sums = cv2.resize(fourfold, (self.size, self.size), interpolation=cv2.INTER_AREA)
        return np.multiply(sums.reshape(self.size, self.size, -1), _QUARTER, dtype=np.float32)
