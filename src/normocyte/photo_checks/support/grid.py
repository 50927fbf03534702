"""The grid of a screen, by the peaks of the spectrum: in a small view, and at the pixels of the camera."""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8

Waves = npt.NDArray[np.floating]

_LEAST_SIDE = 64
_BLOCK = 8
_BLURRED = 2.5
_DARK = 1e-3


def pattern(green: Image8) -> float:
    """The highest peak in the spectrum of the middle of a view, over the mean of what has about its period.

    `green` is (height, width). At periods from 2 to 12 pixels, of the middle of at most 256 pixels a side.
    """
    return _highest_peak(green, _PATTERN)


def grid(green: Image8) -> float:
    """The same at the camera's own pixels: at periods from 2 to 16, of at most 512 pixels a side.

    Left out are level and upright waves, which cameras make themselves, and what the blocks of JPEG, 8 x 8
    pixels, make of these. 0 below 64 pixels a side.
    """
    return _highest_peak(green, _GRID) if min(green.shape) >= _LEAST_SIDE else 0.0


@dataclass(frozen=True, slots=True)
class _Search:
    """In how large a middle, at which periods and in how many rings of them a peak is looked for."""

    side: int
    periods: tuple[float, float]
    rings: int
    is_camera_left_out: bool


_PATTERN = _Search(256, (2.2, 12.0), 24, is_camera_left_out=False)
_GRID = _Search(512, (2.05, 16.0), 40, is_camera_left_out=True)


def _highest_peak(green: Image8, search: _Search) -> float:
    side = min(*green.shape, search.side)
    top, left = ((whole - side) // 2 for whole in green.shape)
    patch = green[top : top + side, left : left + side].astype(np.float32)
    window = np.hanning(side)
    power = np.square(np.abs(np.fft.rfft2((patch - patch.mean()) * np.outer(window, window))))
    rings = _rings(search, side)
    mean = np.bincount(rings.ring, power.ravel(), search.rings + 2) / rings.count
    ratio = power.ravel() / np.maximum(mean[rings.ring], _DARK * side**2)
    return float(ratio[rings.is_asked].max(initial=0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Rings:
    """The ring of each place in a spectrum, how many places each has, and where a peak is looked for."""

    ring: npt.NDArray[np.intp]
    count: npt.NDArray[np.intp]
    is_asked: npt.NDArray[np.bool_]


@functools.lru_cache(maxsize=4)
def _rings(search: _Search, side: int) -> _Rings:
    """Those of a square of so many pixels a side: photos of one camera share them."""
    down, right = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    edges = np.linspace(1 / search.periods[1], 1 / search.periods[0], search.rings + 1)
    ring = np.digitize(np.hypot(down, right), edges).ravel()
    is_asked = (ring > 0) & (ring <= search.rings)
    if search.is_camera_left_out:
        is_asked &= ~_of_the_camera(down, right, _BLURRED / side).ravel()
    return _Rings(ring, np.maximum(np.bincount(ring, minlength=search.rings + 2), 1), is_asked)


def _of_the_camera(down: Waves, right: Waves, near: float) -> npt.NDArray[np.bool_]:
    """Where in the spectrum level and upright waves show, and what blocks of JPEG make of them."""
    level, upright = (np.abs(wave - np.round(wave * _BLOCK) / _BLOCK) < near for wave in (down, right))
    return np.asarray(level | upright, np.bool_)
