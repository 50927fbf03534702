"""Finds what is lit: the head of a slice, the body of a scan, on a dark background."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.fields import described
from normocyte.core.types import Mask, Plane, Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import gray_of
from normocyte.preprocessing.support.foreground import fill_holes, largest_piece, middle

_DARKEST, _BRIGHTEST = 1.0, 99.0
_BRUSH = np.ones((3, 3), np.uint8)
_WHOLE = 0.98


@dataclass
class BodyMask(Step):
    """Narrows the mask to the largest lit piece, its holes filled; a picture lit throughout stays whole.

    Lit is what exceeds the gray that lies `level` of the way from the darkest 1 % of the picture to its
    brightest 1 %. Threads of one or two pixels are cut. ImageError for a picture of one shade.
    """

    level: float = described(0.15, "share of the way from dark to bright", at_least=0.01, at_most=0.9)

    def apply(self, sample: Sample) -> Sample:
        gray = gray_of(sample.pixels)
        darkest, brightest = np.percentile(gray, [_DARKEST, _BRIGHTEST])
        if not brightest > darkest:
            raise ImageError(
                f"No body found: nearly all pixels have the gray {darkest:.0f}. Check that the image is not "
                "blank."
            )
        body = _largest(gray, float(darkest + self.level * (brightest - darkest))) * (sample.mask > 0)
        if cv2.countNonZero(body) >= _WHOLE * body.size or not body.any():
            return sample
        return sample.with_mask(body)


def _largest(gray: Plane, level: float) -> Mask:
    """The largest piece brighter than a level, without threads and holes, (height, width) of 0 and 1."""
    lit = np.asarray(cv2.morphologyEx((gray > level).view(np.uint8), cv2.MORPH_OPEN, _BRUSH), np.uint8)
    return fill_holes(largest_piece(lit, middle(lit)))
