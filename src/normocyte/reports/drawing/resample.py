"""Arrays at another size, by NumPy alone: smooth, or pixel by pixel."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

Floats32 = npt.NDArray[np.float32]

_ENOUGH = 4
"""A picture is thinned to this many times the wanted size before it is averaged."""


def smooth(array: npt.NDArray[Any], height: int, width: int) -> Floats32:
    """The array (rows, columns, ...) at this size: linear when enlarging, a weighted mean when shrinking."""
    thin = array[:: _step(len(array), height), :: _step(array.shape[1], width)].astype(np.float32)
    return _along_columns(_along_columns(thin, height).swapaxes(0, 1), width).swapaxes(0, 1)


def blocky(array: npt.NDArray[Any], height: int, width: int) -> npt.NDArray[Any]:
    """The array (rows, columns, ...) at this size by repeating or leaving out pixels."""
    rows = np.arange(height) * len(array) // height
    columns = np.arange(width) * array.shape[1] // width
    return np.asarray(np.take(array[rows], columns, axis=1))


def fitting(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """The largest height and width of this shape in a square of this side, each at least 1."""
    longest = max(shape[:2])
    height, width = (max(1, round(side * length / longest)) for length in shape[:2])
    return height, width


def _step(source: int, target: int) -> int:
    return max(1, source // (_ENOUGH * target))


def _along_columns(array: Floats32, length: int) -> Floats32:
    """The array with this many rows, without matrix products, whose threads would fight over the cores."""
    rows, weights = _taps(len(array), length)
    shape = (length, *(1,) * (array.ndim - 1))
    total = np.zeros((length, *array.shape[1:]), np.float32)
    for taken, weight in zip(rows, weights, strict=True):
        total += array[taken] * weight.reshape(shape)
    return total


@functools.lru_cache(maxsize=64)
def _taps(source: int, target: int) -> tuple[npt.NDArray[np.intp], Floats32]:
    """Which rows each wanted row is made of, and by which weights that sum to 1; both (taps, target)."""
    reach = max(source / target, 1.0)
    centres = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    rows = np.ceil(centres - reach).astype(np.intp) + np.arange(math.ceil(2 * reach) + 1)[:, None]
    weights = np.maximum(1 - np.abs(rows - centres) / reach, 0) * ((rows >= 0) & (rows < source))
    used = weights.any(axis=1)
    weights = (weights / weights.sum(axis=0)).astype(np.float32)
    return np.clip(rows, 0, source - 1)[used], weights[used]
