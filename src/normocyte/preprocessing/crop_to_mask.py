"""Cuts the picture to the box of what counts, so that all bodies fill their pictures alike."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import nothing_counts

_PAD = "pad"


@dataclass
class CropToMask(Step):
    """Gives the box around what counts and `margin` of its longer side; put it between a mask and `resize`.

    `fit`: "stretch" leaves the box as it is, so that `resize` makes every body as wide and as high as the
    picture; "pad" makes it a square of its longer side first, and the body keeps its proportions. Beyond the
    border of the picture its outermost pixels are repeated, which do not count. ImageError when nothing
    counts.
    """

    margin: float = described(0.02, "room around the body, in longer sides", at_least=0, at_most=1)
    fit: str = described("stretch", "what is kept of the proportions", one_of=("stretch", _PAD))

    def apply(self, sample: Sample) -> Sample:
        if not sample.mask.any():
            raise nothing_counts()
        left, top, width, height = cv2.boundingRect((sample.mask > 0).view(np.uint8))
        room = round(self.margin * max(width, height))
        sides = np.array([height, width]) + 2 * room
        wanted = np.full(2, sides.max()) if self.fit == _PAD else sides
        begin = np.array([top, left]) - room - (wanted - sides) // 2
        before = np.maximum(-begin, 0)
        after = np.maximum(begin + wanted - sample.mask.shape, 0)
        around = list(zip(before.tolist(), after.tolist(), strict=True))
        pixels = np.pad(sample.pixels, [*around, (0, 0)], mode="edge")
        mask = np.pad(sample.mask, around)
        down, right = (slice(start, start + side) for start, side in zip(begin + before, wanted, strict=True))
        return Sample(np.ascontiguousarray(pixels[down, right]), np.ascontiguousarray(mask[down, right]))
