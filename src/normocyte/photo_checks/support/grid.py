"""The grid of a screen, as a camera sees it at its own resolution."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Image8

Waves = npt.NDArray[np.floating]

_SIDE, _LEAST_SIDE = 512, 64
_PERIODS = (2.05, 16.0)
_RINGS = 40
_BLOCK = 8
_BLURRED = 2.5
_DARK = 1e-3


def grid(green: Image8) -> float:
    """The highest peak in the spectrum of the middle of a photo, over the mean of what has about its period.

    `green` is (height, width). At periods from 2 to 16 pixels of the camera, but for level and upright waves,
    which cameras make themselves, and what the blocks of JPEG, 8 x 8 pixels, make of these. 0 below 64 pixels
    a side.
    """
    side = min(*green.shape, _SIDE)
    if side < _LEAST_SIDE:
        return 0.0
    top, left = ((whole - side) // 2 for whole in green.shape)
    patch = green[top : top + side, left : left + side].astype(np.float32)
    window = np.hanning(side)
    power = np.square(np.abs(np.fft.rfft2((patch - patch.mean()) * np.outer(window, window))))
    down, right = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    edges = np.linspace(1 / _PERIODS[1], 1 / _PERIODS[0], _RINGS + 1)
    ring = np.digitize(np.hypot(down, right), edges).ravel()
    count = np.maximum(np.bincount(ring, minlength=_RINGS + 2), 1)
    mean = np.bincount(ring, power.ravel(), _RINGS + 2) / count
    ratio = power.ravel() / np.maximum(mean[ring], _DARK * side**2)
    is_asked = (ring > 0) & (ring <= _RINGS) & ~_of_the_camera(down, right, _BLURRED / side).ravel()
    return float(ratio[is_asked].max())


def _of_the_camera(down: Waves, right: Waves, near: float) -> npt.NDArray[np.bool_]:
    """Where in the spectrum level and upright waves show, and what blocks of JPEG make of them."""
    level, upright = (np.abs(wave - np.round(wave * _BLOCK) / _BLOCK) < near for wave in (down, right))
    return np.asarray(level | upright, np.bool_)
