"""The lowest and the highest value in windows that run over an image, fast on bytes."""

from __future__ import annotations

import numpy as np

from normocyte.core.types import Image8


def eroded(plane: Image8, length: int, axis: int) -> Image8:
    """The lowest value of `length` pixels in a row along an axis, which gets `length` - 1 shorter."""
    return _running(np.minimum, plane, length, axis)


def dilated(plane: Image8, length: int, axis: int) -> Image8:
    """The highest value, in the same way."""
    return _running(np.maximum, plane, length, axis)


def opened(plane: Image8, length: int, axis: int) -> Image8:
    """The image without what is bright over fewer than `length` pixels along an axis, in its own size."""
    margin = [(0, 0), (0, 0)]
    margin[axis] = (length - 1, length - 1)
    return dilated(eroded(np.pad(plane, margin, "edge"), length, axis), length, axis)


def _running(extreme: np.ufunc, plane: Image8, length: int, axis: int) -> Image8:
    """Windows of 1, 2, 4 pixels and so on, and the last from two that overlap."""
    found, width = np.moveaxis(plane, axis, 0), 1
    while width < length:
        step = min(width, length - width)
        found = extreme(found[:-step], found[step:])
        width += step
    return np.asarray(np.moveaxis(found, 0, axis))
