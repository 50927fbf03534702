"""A blur that ignores the pixels that do not count."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.preprocessing.support.channels import COLOURS

Values = npt.NDArray[np.float32]


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
