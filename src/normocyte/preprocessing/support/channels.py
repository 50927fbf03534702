"""Colour channels: their number, their gray, and the medians of the cell."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError, ImageError
from normocyte.core.types import Mask, Pixels

COLOURS = 3
_ENOUGH = 1500


def with_channel_axis(pixels: npt.NDArray[np.generic]) -> Pixels:
    """Pixels as (height, width, channels) float32; OpenCV drops the last axis when there is one channel."""
    flat = pixels if pixels.ndim == COLOURS else pixels[..., np.newaxis]
    return flat.astype(np.float32, copy=False)


def gray_of(pixels: Pixels) -> npt.NDArray[np.float32]:
    """The luminance (height, width) of colour pixels; of gray pixels, the one channel they have."""
    if pixels.shape[2] == 1:
        return pixels[..., 0]
    need_colours(pixels, "A gray picture")
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.float32)


def need_colours(pixels: Pixels, who: str) -> None:
    """ConfigError unless there are three colour channels."""
    if pixels.shape[2] != COLOURS:
        raise ConfigError(
            f"{who} needs 3 colour channels (red, green, blue), but got {pixels.shape[2]}; "
            "put this step before the steps that change the channels."
        )


def cell_medians(pixels: npt.NDArray[Any], mask: Mask) -> npt.NDArray[np.float32]:
    """The (lower) median of each channel over the pixels that count, (channels,); ImageError when none does.

    Exact below 3,000 counted pixels; of more, every second, third, ... row is looked at, down to about 1,500
    pixels, which hardly moves the median of a cell.
    """
    step = max(1, cv2.countNonZero(mask) // _ENOUGH)
    if step > 1 and not mask[::step].any():
        step = 1
    values = counted_pixels(pixels[::step], mask[::step]).T.astype(np.float32, order="C")
    middle = (values.shape[1] - 1) // 2
    values.partition(middle, axis=1)
    return values[:, middle]


def nothing_counts() -> ImageError:
    """What is raised where no pixel counts."""
    return ImageError(
        "Nothing in this image counts: its mask is empty. Check the steps that narrow the mask."
    )


def counted_pixels(pixels: npt.NDArray[Any], mask: Mask) -> npt.NDArray[Any]:
    """The pixels that count, (counted, channels); ImageError when there is none."""
    channels = pixels.shape[2]
    whole = np.dtype(
        (np.void, channels * pixels.itemsize)
    )  # one item a pixel: ten times faster than an index of rows
    rows = np.ascontiguousarray(pixels).reshape(-1, channels).view(whole).ravel()[(mask > 0).ravel()]
    if len(rows) == 0:
        raise nothing_counts()
    return rows.view(pixels.dtype).reshape(-1, channels)
