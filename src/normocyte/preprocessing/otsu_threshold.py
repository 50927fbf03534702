"""The classic Otsu threshold of the gray picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.fields import described
from normocyte.core.types import Sample
from normocyte.foreground.cell import found_cell
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.channels import gray_of, with_channel_axis
from normocyte.preprocessing.support.foreground import otsu_foreground


@dataclass
class OtsuThreshold(Step):
    """Splits the picture in two by Otsu's threshold on its luminance and keeps the side of the cell.

    Foreground is the dark side, as stained things are darker than their background; where 5 % of the frame is
    nearly black padding it is the bright side. `mode` "binary" gives one channel, 255 on the foreground and 0
    elsewhere, and leaves the mask; "masked" sets the pixels beside the foreground to 0 and narrows the mask.
    """

    mode: str = described("binary", "what is kept", one_of=("binary", "masked"))

    def apply(self, sample: Sample) -> Sample:
        gray = gray_of(sample.pixels)
        cell = found_cell(sample.pixels if sample.image is None else sample.image)
        foreground = otsu_foreground(gray, sample.mask, is_bright=cell is not None and cell.is_dark)
        if self.mode == "binary":
            return Sample(with_channel_axis(np.float32(255) * foreground), sample.mask)
        if not foreground.any():
            raise ImageError(
                "No cell found: the Otsu threshold leaves no foreground, because all pixels look the same."
            )
        return Sample(with_channel_axis(cv2.copyTo(sample.pixels, foreground)), foreground * sample.mask)
