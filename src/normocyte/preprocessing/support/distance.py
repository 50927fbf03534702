"""Distances to the border of a mask."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Mask


def framed(mask: Mask) -> Mask:
    """The mask as 0 and 1 in a frame of one pixel that does not count: nothing lies beyond the picture."""
    with_frame = cv2.copyMakeBorder((mask > 0).view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=[0])
    return np.asarray(with_frame, dtype=np.uint8)


def depth(mask: Mask, window: int = cv2.DIST_MASK_5) -> npt.NDArray[np.float32]:
    """How far each counted pixel lies from the nearest one that does not count: 1 on the border, 0 outside.

    The default window is exact to 2 % and three times as fast as `cv2.DIST_MASK_PRECISE`.
    """
    return np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, window), dtype=np.float32)


def depths(masks: Mask) -> npt.NDArray[np.float32]:
    """The same of each of several masks, (n, height, width)."""
    deep = np.empty(masks.shape, np.float32)
    for mask, own in zip(masks, deep, strict=True):
        cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5, own)
    return deep
