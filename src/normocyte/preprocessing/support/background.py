"""Painting the pixels that do not count."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Mask, Pixels
from normocyte.preprocessing.support.channels import with_channel_axis


def painted_background(pixels: Pixels, mask: Mask, colour: npt.NDArray[np.float32]) -> Pixels:
    """A copy of the pixels in which everything that does not count has one colour, (channels,)."""
    painted = cv2.repeat(colour.reshape(1, 1, -1), *mask.shape)
    return with_channel_axis(cv2.copyTo(pixels, mask, painted))
