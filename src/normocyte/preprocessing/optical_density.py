"""Colours to optical density: how much light each pixel takes away, channel by channel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.fields import described
from normocyte.core.types import Mask, Pixels, Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.blur import counted_blur
from normocyte.preprocessing.support.channels import cell_medians, with_channel_axis

_DARKEST = np.float32(1)


@dataclass
class OpticalDensity(Step):
    """Gives -log10(I / I0) of each channel, which grows in proportion to the stain (Beer and Lambert).

    `reference` says what I0 is: "cell" takes the cell's own median of the channel, so that stain, lamp and
    camera gain cancel and 0 is the colour of the cell; "white" takes `white`, so that 0 is a pixel that takes
    no light away. The density is blurred over `blur` pixels, ignoring what does not count, and multiplied by
    `gain`; outside the mask it is 0. Expects grey levels of 0..255; levels below 1 are taken as 1.
    """

    reference: str = described("cell", "what I0 is", one_of=("cell", "white"))
    white: float = described(255.0, "I0 of white", unit="grey levels", at_least=1, at_most=65535)
    blur: float = described(0.0, "width of the blur; 0 for none", unit="pixels", at_least=0, at_most=20)
    gain: float = described(1.0, "factor of the result", at_least=0.001, at_most=1000)

    def apply(self, sample: Sample) -> Sample:
        mask = (sample.mask > 0).view(np.uint8)
        counted = mask.astype(np.float32)
        logs = np.log10(np.maximum(sample.pixels, _DARKEST))
        density = (np.log10(self._light(sample.pixels, mask)) - logs) * np.float32(self.gain)
        density = with_channel_axis(counted_blur(density * counted[..., np.newaxis], counted, self.blur))
        return Sample(density * counted[..., np.newaxis], sample.mask)

    def _light(self, pixels: Pixels, mask: Mask) -> npt.NDArray[np.float32]:
        """What stands for full light in each channel, (channels,)."""
        if self.reference == "white":
            return np.full(pixels.shape[2], self.white, np.float32)
        return np.maximum(cell_medians(pixels, mask), _DARKEST)
