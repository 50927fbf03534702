"""Colours to one signed channel: how much more chromatin a pixel shows than the cell as a whole."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Plane, Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.blur import counted_blur
from normocyte.preprocessing.support.channels import cell_medians, need_colours, with_channel_axis


@dataclass
class ChromatinContrast(Step):
    """Gives Z = red * L_red + green * L_green + blue * L_blue, with L the log ratio to the cell's own median.

    Weights that sum to zero cancel what darkens all channels alike (thickness, folds, shadow, defocus);
    chromatin takes far more green than red or blue, so it comes out positive. Z is blurred over `blur`
    pixels, a blur over `background` pixels is subtracted (0 = none), both ignoring what does not count, and
    the result times `gain` is one channel, 0 outside the mask.
    """

    red: float = described(0.5, "weight of the red channel", at_least=-10, at_most=10)
    green: float = described(-1.0, "weight of the green channel", at_least=-10, at_most=10)
    blue: float = described(0.5, "weight of the blue channel", at_least=-10, at_most=10)
    blur: float = described(1.0, "width of the blur; 0 for none", unit="pixels", at_least=0, at_most=20)
    background: float = described(0.0, "blur to subtract; 0 for none", unit="pixels", at_least=0, at_most=100)
    gain: float = described(1.0, "factor of the result", at_least=0.001, at_most=1000)

    def apply(self, sample: Sample) -> Sample:
        need_colours(sample.pixels, "chromatin_contrast")
        mask = (sample.mask > 0).view(np.uint8)
        counted = mask.astype(np.float32)
        ratio = self._log_ratio(sample) * counted
        contrast = counted_blur(ratio, counted, self.blur)
        if self.background > 0:
            contrast = contrast - counted_blur(ratio, counted, self.background)
        return Sample(with_channel_axis(contrast * counted), sample.mask)

    def _log_ratio(self, sample: Sample) -> Plane:
        """Z times the gain, without blur, (height, width)."""
        medians = np.maximum(cell_medians(sample.pixels, sample.mask), np.float32(1))
        weights = np.array([self.red, self.green, self.blue]) * self.gain
        shift = -float(weights @ np.log(medians.astype(np.float64)))
        logs = np.maximum(sample.pixels, np.float32(1))
        np.log(logs, out=logs)
        return np.asarray(cv2.transform(logs, np.append(weights, shift)[np.newaxis]), dtype=np.float32)
