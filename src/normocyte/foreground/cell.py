"""What in a crop of one cell is the cell: everything that is far from the colour of a plain background."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Mask

Image = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

_DARK = 0.1
_DARK_SHARE = 0.05
_ALIKE = 12
_ALIKE_SHARE = 0.6
_LEAST_DISTANCE = 24
_LEVEL = 0.35
_MOST_UNLIKE = 0.01
_AROUND = np.ones((5, 5), np.uint8)


@dataclass(frozen=True)
class Found:
    """The cell in front of a plain background.

    `distance` (height, width) uint8 is how far each pixel is from the colour of the background: the largest
    difference of a channel, 0 to 255. What exceeds `level` is surely cell. `is_dark`: the background is
    nearly black. Where the background is not `is_exact`, it is noisy or went through lossy compression,
    which mixes cell and background a few pixels wide.
    """

    distance: Bytes
    level: float
    is_dark: bool

    @cached_property
    def is_exact(self) -> bool:
        """Whether the background, 3 pixels or more from the cell, is one colour but for 1 % of its pixels."""
        near = cv2.dilate(self.sure, _AROUND)
        unlike = cv2.countNonZero(self.distance) - cv2.countNonZero(cv2.min(self.distance, near))
        return unlike <= _MOST_UNLIKE * (near.size - cv2.countNonZero(near))

    @cached_property
    def sure(self) -> Mask:
        """What exceeds the level, (height, width) of 0 and 1."""
        return np.asarray((self.distance > self.level).view(np.uint8))

    @property
    def mask(self) -> Mask:
        """What is cell, (height, width) of 0 and 1: all but the background where that is exactly black."""
        if self.is_exact and self.is_dark:
            return np.asarray((self.distance > 0).view(np.uint8))
        return self.sure


def found_cell(pixels: Image) -> Found | None:
    """The cell in a picture (height, width, channels), 0 to 255; None where there is no plain background.

    The colour of the background is learnt from the outermost pixels: the median of the nearly black ones
    (a tenth of the brightest pixel or less), where these are 5 % or more, else the median of all, where 60 %
    are alike. The level is 35 % of the median distance of what is not background: above the ringing of a
    JPEG, below stained chromatin.
    """
    rounded = _as_bytes(pixels)
    colour, is_dark = _background(rounded)
    if colour is None:
        return None
    distance = _distance(rounded, colour)
    level = max(_LEVEL * _median_beyond(distance), _LEAST_DISTANCE)
    return Found(distance, level, is_dark)


def _as_bytes(pixels: Image) -> Bytes:
    """Rounded to whole numbers from 0 to 255, without gaps in memory."""
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels, np.uint8)
    return np.asarray(cv2.convertScaleAbs(pixels), np.uint8).reshape(pixels.shape)


def _median_beyond(distance: Bytes) -> float:
    """The median of what is further than the least distance; infinite where nothing is."""
    counts = np.ravel(cv2.calcHist([distance], [0], None, [256], [0, 256]))[_LEAST_DISTANCE + 1 :]
    below = np.cumsum(counts)
    if not below[-1]:
        return float("inf")
    return float(_LEAST_DISTANCE + 1 + np.searchsorted(below, below[-1] / 2))


def _background(pixels: Bytes) -> tuple[Bytes | None, bool]:
    """The colour of a plain background, (channels,), or None; and whether it is nearly black."""
    frame = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    dark = functools.reduce(np.maximum, frame.T) <= _DARK * float(pixels.max(initial=0))
    if np.count_nonzero(dark) >= _DARK_SHARE * len(frame):
        own = frame[dark]
        return (_median(own) if own.any() else own[0]), True
    colour = _median(frame)
    alike = cv2.absdiff(frame, np.broadcast_to(colour, frame.shape).copy()).max(axis=1) <= _ALIKE
    return (colour if np.count_nonzero(alike) >= _ALIKE_SHARE * len(frame) else None), False


def _median(colours: Bytes) -> Bytes:
    return np.asarray(np.median(colours, axis=0), np.uint8)


def _distance(pixels: Bytes, colour: Bytes) -> Bytes:
    """The largest difference of a channel to this colour, (height, width)."""
    planes = cv2.split(pixels)
    if colour.any():
        planes = [
            cv2.absdiff(plane, np.full_like(plane, value))
            for plane, value in zip(planes, colour, strict=True)
        ]
    return np.asarray(functools.reduce(cv2.max, planes), np.uint8)
