"""Colours to one signed channel: how much more chromatin a pixel shows than the cell as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.fields import described
from normocyte.core.types import Sample
from normocyte.preprocessing.support.blur import counted_blurs
from normocyte.preprocessing.support.channels import COLOURS, cell_medians, need_colours
from normocyte.preprocessing.support.stacked import StackedStep

Planes = npt.NDArray[np.float32]


@dataclass
class ChromatinContrast(StackedStep):
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

    def stacked(self, samples: Sequence[Sample]) -> list[Sample]:
        for sample in samples:
            need_colours(sample.inside, "chromatin_contrast")
        counted = np.stack([sample.mask > 0 for sample in samples]).astype(np.float32)
        ratio = self._log_ratios(samples) * counted
        contrast = counted_blurs(ratio, counted, self.blur)
        if self.background > 0:
            contrast = contrast - counted_blurs(ratio, counted, self.background)
        shown = (contrast * counted)[..., np.newaxis]
        return [Sample(pixels, sample.mask) for pixels, sample in zip(shown, samples, strict=True)]

    def _log_ratios(self, samples: Sequence[Sample]) -> Planes:
        """Z times the gain, without blur, (n, height, width)."""
        medians = np.stack([cell_medians(sample.inside, sample.mask) for sample in samples])
        weights = np.array([self.red, self.green, self.blue]) * self.gain
        shifts = [-float(weights @ logs) for logs in np.log(np.maximum(medians, 1).astype(np.float64))]
        height, width = samples[0].mask.shape
        logs = np.empty((len(samples), height, width, COLOURS), np.float32)
        for own, sample in zip(logs, samples, strict=True):
            np.maximum(sample.inside, np.float32(1), out=own)
        np.log(logs, out=logs)
        ratios = cv2.transform(logs.reshape(-1, width, COLOURS), weights[np.newaxis])
        shift = np.array(shifts, np.float32)[:, np.newaxis, np.newaxis]
        return np.asarray(np.reshape(ratios, (-1, height, width)) + shift, np.float32)
