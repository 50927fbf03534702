"""Pixels at another size, by Pillow: smooth, or pixel by pixel."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = TypeVar("Pixels", np.uint8, np.float32)


def smooth(array: npt.NDArray[Pixels], height: int, width: int) -> npt.NDArray[Pixels]:
    """Colours (rows, columns, channels) uint8 or values (rows, columns) float32 at this size.

    Linear when enlarging, a weighted mean when shrinking.
    """
    return _resized(array, height, width, Image.Resampling.BILINEAR)


def blocky(array: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """Colours (rows, columns, channels) at this size by repeating or leaving out pixels."""
    return _resized(array, height, width, Image.Resampling.NEAREST)


def fitting(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """The largest height and width of this shape in a square of this side, each at least 1."""
    longest = max(shape[:2])
    height, width = (max(1, round(side * length / longest)) for length in shape[:2])
    return height, width


def centred(array: npt.NDArray[np.uint8], side: int, fill: int) -> npt.NDArray[np.uint8]:
    """Colours in the middle of a square of this side, which is filled with one value around them."""
    height, width = array.shape[:2]
    square = np.full((side, side, array.shape[2]), fill, np.uint8)
    square[(side - height) // 2 :, (side - width) // 2 :][:height, :width] = array
    return square


def _resized(
    array: npt.NDArray[Pixels], height: int, width: int, how: Image.Resampling
) -> npt.NDArray[Pixels]:
    resized = Image.fromarray(array).resize((width, height), how)
    return np.asarray(resized, array.dtype)
