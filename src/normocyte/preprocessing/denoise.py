"""Takes sensor noise off."""

from dataclasses import dataclass

import cv2

from normocyte.core.fields import described
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import with_channel_axis


@dataclass
class Denoise(Step):
    """Smooths pixels; the mask stays, so put it after `fill_background`.

    "median" removes specks, "gaussian" blurs, "bilateral" blurs but keeps edges (only it reads `strength`).
    """

    method: str = described("median", "method of smoothing", one_of=("median", "gaussian", "bilateral"))
    size: int = described(3, "side of the window", unit="pixels", one_of=(3, 5))
    strength: float = described(25.0, "edges kept", unit="grey levels", at_least=0.001, at_most=1000)

    def apply(self, sample: Sample) -> Sample:
        if self.method == "median":
            smooth = cv2.medianBlur(sample.pixels, self.size)
        elif self.method == "gaussian":
            smooth = cv2.GaussianBlur(sample.pixels, (self.size, self.size), 0)
        else:
            smooth = cv2.bilateralFilter(sample.pixels, self.size, self.strength, self.size / 2)
        return Sample(with_channel_axis(smooth), sample.mask)
