"""Padding to the colour of the cell."""

from dataclasses import dataclass

from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.background import painted_background
from normocyte.preprocessing.support.channels import cell_medians


@dataclass
class FillBackground(Step):
    """Gives every pixel that does not count the cell's own median of its channel: no black edge is left."""

    def apply(self, sample: Sample) -> Sample:
        colour = cell_medians(sample.pixels, sample.mask)
        return Sample(painted_background(sample.pixels, sample.mask, colour), sample.mask)
