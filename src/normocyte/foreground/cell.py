"""What in a crop of one cell is the cell: everything that is far from the colour of a plain background."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Mask

Image = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
Plane = npt.NDArray[np.float32]

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

    `distance` (height, width) float32 is how far each pixel is from the colour of the background: the largest
    difference of a channel, 0 to 255. What exceeds `level` is surely cell. `is_exact`: the background is one
    colour to the last digit; if not, it is noisy or went through lossy compression, which mixes cell and
    background a few pixels wide. `is_dark`: the background is nearly black.
    """

    distance: Plane
    level: float
    is_exact: bool
    is_dark: bool

    @property
    def sure(self) -> Mask:
        """What exceeds the level, (height, width) of 0 and 1."""
        return np.asarray(self.distance > self.level, dtype=np.uint8)

    @property
    def mask(self) -> Mask:
        """What is cell, (height, width) of 0 and 1: all but the background where that is exactly black."""
        if self.is_exact and self.is_dark:
            return np.asarray(self.distance > 0, dtype=np.uint8)
        return self.sure


def found_cell(pixels: Image) -> Found | None:
    """The cell in a picture (height, width, channels), 0 to 255; None where there is no plain background.

    The colour of the background is learnt from the outermost pixels: the median of the nearly black ones
    (a tenth of the brightest pixel or less), where these are 5 % or more, else the median of all, where 60 %
    are alike. The level is 35 % of the median distance of what is not background: above the ringing of a
    JPEG, below stained chromatin.
    """
    colour, is_dark = _background(pixels)
    if colour is None:
        return None
    distance = _distance(pixels, colour)
    beyond = distance[distance > _LEAST_DISTANCE]
    level = max(_LEVEL * float(np.median(beyond)), _LEAST_DISTANCE) if beyond.size else 255.0
    near = cv2.dilate((distance > level).view(np.uint8), _AROUND)
    far = distance[near == 0]
    is_exact = int(np.count_nonzero(far)) <= _MOST_UNLIKE * far.size
    return Found(distance, level, is_exact, is_dark)


def _background(pixels: Image) -> tuple[npt.NDArray[np.float32] | None, bool]:
    """The colour of a plain background, (channels,), or None; and whether it is nearly black."""
    edges = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    frame = np.concatenate(edges).astype(np.float32, copy=False)
    dark = frame.max(axis=1) <= _DARK * float(pixels.max(initial=0))
    if np.count_nonzero(dark) >= _DARK_SHARE * len(frame):
        return np.median(frame[dark], axis=0), True
    colour = np.median(frame, axis=0)
    alike = np.abs(frame - colour).max(axis=1) <= _ALIKE
    return (colour if np.count_nonzero(alike) >= _ALIKE_SHARE * len(frame) else None), False


def _distance(pixels: Image, colour: npt.NDArray[np.float32]) -> Plane:
    """The largest difference of a channel to this colour, (height, width)."""
    values = pixels.astype(np.float32, copy=False)
    planes = [np.abs(values[..., c] - colour[c]) for c in range(len(colour))]
    largest = planes[0]
    for plane in planes[1:]:
        largest = cv2.max(largest, plane)
    return np.asarray(largest, dtype=np.float32)
