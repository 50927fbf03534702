"""What in a crop of one cell is the cell: everything that is far from the colour of a plain background."""

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
_HIGHEST_LEVEL = _LEVEL * 255
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
    is_dark: bool

    @cached_property
    def level(self) -> float:
        """35 % of the median distance of what is not background, 24 or more; infinite where nothing is."""
        return float(_levels(self.distance[np.newaxis])[0])

    @cached_property
    def is_exact(self) -> bool:
        """Whether the background, 3 pixels or more from the cell, is one colour but for 1 % of its pixels."""
        if not self._unlike(_HIGHEST_LEVEL)[0]:  # nor beyond any lower level, which need not be known then
            return True
        unlike, away = self._unlike(self.level)
        return unlike <= _MOST_UNLIKE * away

    def _unlike(self, level: float) -> tuple[int, int]:
        """Of the pixels 3 or more from what exceeds a level: how many are not background, and all."""
        near = cv2.dilate(_beyond(self.distance, level), _AROUND)
        unlike = cv2.countNonZero(self.distance) - cv2.countNonZero(cv2.min(self.distance, near))
        return unlike, near.size - cv2.countNonZero(near)

    @cached_property
    def sure(self) -> Mask:
        """What exceeds the level, (height, width) of 0 and 1."""
        return _beyond(self.distance, self.level)

    @property
    def mask(self) -> Mask:
        """What is cell, (height, width) of 0 and 1: all but the background where that is exactly black."""
        if self.is_exact and self.is_dark:
            return _beyond(self.distance, 0)
        return self.sure


def found_cell(pixels: Image) -> Found | None:
    """The cell in a picture (height, width, channels), 0 to 255; None where there is no plain background.

    The colour of the background is learnt from the outermost pixels: the median of the nearly black ones
    (a tenth of the brightest pixel or less), where these are 5 % or more, else the median of all, where 60 %
    are alike. The level is 35 % of the median distance of what is not background: above the ringing of a
    JPEG, below stained chromatin.
    """
    rounded = _as_bytes(pixels)
    brightest = _largest_channel(rounded)
    edge = _frame(brightest)
    dark = edge <= int(_DARK * float(brightest.max(initial=0)))  # bytes with a byte: twice as fast
    count = np.count_nonzero(dark)
    is_dark = bool(count >= _DARK_SHARE * len(dark))
    if is_dark and 2 * (len(edge) - np.count_nonzero(edge)) > count:
        return Found(brightest, is_dark=True)
    frame = _frame(rounded)
    colour = _median(frame[dark]) if is_dark else _common(frame)
    return None if colour is None else Found(_distance(rounded, colour), is_dark)


def plain_cells(planes: Bytes) -> tuple[Mask, npt.NDArray[np.bool_]]:
    """What is surely cell in many pictures of one size, and whether their backgrounds are plain.

    `planes` is (channels, n, height, width). Gives what `found_cell` finds in each, (n, height, width) of 0
    and 1, and where the background is nearly black or exactly of one colour, (n,). Pictures padded with
    black are looked at together, the others one after another.
    """
    brightest = np.asarray(functools.reduce(np.maximum, planes))
    frames = np.moveaxis(_frame(np.moveaxis(brightest, 0, -1)), -1, 0)
    dark = frames <= _DARK * brightest.max(axis=(1, 2), initial=0)[:, np.newaxis]
    is_dark = np.count_nonzero(dark, axis=1) >= _DARK_SHARE * dark.shape[1]
    is_plain = is_dark & _is_black(frames, dark)
    masks = (brightest > _levels(brightest)[:, np.newaxis, np.newaxis]).view(np.uint8)
    for row in np.flatnonzero(~is_plain):
        cell = found_cell(np.moveaxis(planes[:, row], 0, -1))
        if cell and (cell.is_dark or cell.is_exact):
            masks[row], is_plain[row] = cell.sure, True
    return np.asarray(masks), is_plain


def _is_black(frames: Bytes, dark: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Whether more than half of the nearly black pixels of a frame (..., pixels) are black, (...)."""
    return np.asarray(2 * (frames == 0).sum(axis=-1) > dark.sum(axis=-1))


def _beyond(distance: Bytes, level: float) -> Mask:
    """1 where a distance exceeds a level, 0 elsewhere."""
    return np.asarray(cv2.threshold(distance, min(level, 255), 1, cv2.THRESH_BINARY)[1], np.uint8)


def _as_bytes(pixels: Image) -> Bytes:
    """Rounded to whole numbers from 0 to 255, without gaps in memory."""
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels, np.uint8)
    return np.asarray(cv2.convertScaleAbs(pixels), np.uint8).reshape(pixels.shape)


def _levels(distances: Bytes) -> npt.NDArray[np.float64]:
    """The level of each picture (n, height, width) of distances, (n,)."""
    count, size = len(distances), distances[0].size if len(distances) else 0
    own = distances.reshape(count, size) + np.arange(0, 256 * count, 256)[:, np.newaxis]
    histograms = np.bincount(own.ravel(), minlength=256 * count).reshape(count, 256)
    below = np.cumsum(histograms[:, _LEAST_DISTANCE + 1 :], axis=1)
    total = below[:, -1:]
    medians = _LEAST_DISTANCE + 1 + np.argmax(below >= total / 2, axis=1)
    levels = np.maximum(_LEVEL * medians, _LEAST_DISTANCE)
    return np.asarray(np.where(total[:, 0] > 0, levels, np.inf))


def _frame(pixels: Bytes) -> Bytes:
    """The outermost pixels of a picture (height, width, ...), one after another."""
    return np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


def _common(frame: Bytes) -> Bytes | None:
    """The median colour of a frame, (channels,), where 60 % are like it."""
    colour = _median(frame)
    alike = cv2.absdiff(frame, np.broadcast_to(colour, frame.shape).copy()).max(axis=1) <= _ALIKE
    return colour if np.count_nonzero(alike) >= _ALIKE_SHARE * len(frame) else None


def _median(colours: Bytes) -> Bytes:
    """The median of each channel, (channels,), rounded down."""
    low, high = (len(colours) - 1) // 2, len(colours) // 2
    ordered = np.partition(colours.T, (low, high), axis=1)
    return np.asarray((ordered[:, low].astype(np.uint16) + ordered[:, high]) // 2, np.uint8)


def _distance(pixels: Bytes, colour: Bytes) -> Bytes:
    """The largest difference of a channel to this colour, (height, width)."""
    apart = cv2.absdiff(pixels, np.broadcast_to(colour, pixels.shape).copy())
    return _largest_channel(np.asarray(apart, np.uint8).reshape(pixels.shape))


def _largest_channel(pixels: Bytes) -> Bytes:
    """The largest channel of each pixel, (height, width)."""
    flat = pixels.reshape(1, -1)
    largest = flat.copy()
    for later in range(1, pixels.shape[2]):  # rows of bytes are compared much faster than channels
        cv2.max(largest[:, :-later], flat[:, later:], largest[:, :-later])
    return np.asarray(cv2.extractChannel(largest.reshape(pixels.shape), 0), np.uint8)
