"""Colours to shares of the cell's own colour."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.background import painted_background
from normocyte.preprocessing.support.channels import cell_medians


@dataclass
class StainRatio(Step):
    """Divides each channel by the cell's own median of it, up to `maximum`; what does not count becomes 1.

    Stain, lamp and camera gain cancel. Expects grey levels of 0..255; a median below 1 is taken as 1.
    """

    maximum: float = described(2.0, "largest ratio that is kept", at_least=1, at_most=100)

    def apply(self, sample: Sample) -> Sample:
        medians = np.maximum(cell_medians(sample.pixels, sample.mask), np.float32(1))
        ratio = np.clip(sample.pixels / medians, 0, self.maximum).astype(np.float32, copy=False)
        return Sample(painted_background(ratio, sample.mask, np.ones_like(medians)), sample.mask)
