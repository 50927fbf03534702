"""A blur that ignores the pixels that do not count."""

from math import ceil

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.preprocessing.support.channels import COLOURS

Values = npt.NDArray[np.float32]

_REACH = 5
"""So many sigmas wide, a half more than OpenCV takes, is what lies between two pictures."""


def counted_blur(values: Values, counted: Values, sigma: float) -> Values:
    """gauss(values) / gauss(counted), for (height, width) or (height, width, channels); 0 blurs nothing.

    `values` must be 0 where `counted`, (height, width) of 0 and 1, is 0.
    """
    if sigma == 0:
        return values
    total = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    weight = cv2.GaussianBlur(counted, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    some = np.maximum(weight, np.float32(1e-6))
    shared = some[..., np.newaxis] if total.ndim == COLOURS else some
    return np.asarray(total / shared, dtype=np.float32)


def counted_blurs(values: Values, counted: Values, sigma: float) -> Values:
    """The same of several pictures (n, height, width), none of which has a say in another.

    Where little lies between them they are blurred in one stack.
    """
    count, height, width = values.shape
    between = ceil(_REACH * sigma)
    if between > height:
        return np.stack([counted_blur(*pair, sigma) for pair in zip(values, counted, strict=True)])
    stacks = np.zeros((2, count, height + between, width), np.float32)
    stacks[:, :, :height] = values, counted
    blurred = counted_blur(stacks[0].reshape(-1, width), stacks[1].reshape(-1, width), sigma)
    return blurred.reshape(count, -1, width)[:, :height]
