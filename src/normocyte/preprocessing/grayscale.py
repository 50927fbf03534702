"""Colours to one gray channel."""

from dataclasses import dataclass

from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import gray_of, with_channel_axis


@dataclass
class Grayscale(Step):
    """Gives the luminance (.299 red + .587 green + .114 blue) as one channel; gray stays as it is."""

    def apply(self, sample: Sample) -> Sample:
        return Sample(with_channel_axis(gray_of(sample.pixels)), sample.mask)
