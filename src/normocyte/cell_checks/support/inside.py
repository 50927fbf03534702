"""Means over a part of a picture."""

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8


def inside_mean(values: Image8, masks: Image8) -> npt.NDArray[np.float64]:
    """The mean of values (n, height, width) where the mask is 1, (n,); 0 where it is 1 nowhere."""
    return np.asarray(_total(values * masks) / np.maximum(_total(masks), 1.0))


def _total(values: Image8) -> npt.NDArray[np.float64]:
    """The sum of each picture, (n,)."""
    flat = values.reshape(len(values), values.shape[1] * values.shape[2])
    return np.asarray(flat.sum(axis=1, dtype=np.uint32), np.float64)
