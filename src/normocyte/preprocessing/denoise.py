"""Takes sensor noise off."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from normocyte.core.checks import need_between, need_one_of
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import with_channel_axis


@dataclass
class Denoise(Step):
    """Smooths with a window of `size` pixels; the mask stays, so put it after `fill_background`.

    `method`: "median" removes specks, "gaussian" blurs, "bilateral" blurs but keeps edges that are much
    higher than `strength` grey levels (only this method reads `strength`).
    """

    method: str = "median"
    size: int = 3
    strength: float = 25.0

    def __post_init__(self) -> None:
        """Refuse an unknown method or window."""
        need_one_of("denoise: method", self.method, ("median", "gaussian", "bilateral"))
        need_one_of("denoise: size", self.size, (3, 5))
        need_between("denoise: strength", self.strength, 1e-3, 1000.0)

    def apply(self, sample: Sample) -> Sample:
        if self.method == "median":
            smooth = cv2.medianBlur(sample.pixels, self.size)
        elif self.method == "gaussian":
            smooth = cv2.GaussianBlur(sample.pixels, (self.size, self.size), 0)
        else:
            smooth = cv2.bilateralFilter(sample.pixels, self.size, self.strength, self.size / 2)
        return Sample(with_channel_axis(smooth), sample.mask)
