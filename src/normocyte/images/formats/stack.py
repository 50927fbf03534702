"""The heights of a z-stack: which is sharpest, and whether they show one field at all."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Image8
from normocyte.images.contract import Fault

_Small = npt.NDArray[np.float32]

LEAST_ALIKE = 0.25
"""Neighbouring heights correlate by so much at least, either way, in the median: docs/z-stacks.md."""
_SIDE = 96
_SMOOTH = 1 / 12


def sharpest(heights: Iterable[Image8]) -> Image8:
    """The sharpest of the pictures of one field; a Fault where they show several.

    People pile up photos of several fields in one file, too, of which all but one would be lost. At most two
    pictures are held at a time.
    """
    best, most, below = None, -1.0, None
    common: list[float] = []
    for height in heights:
        found, small = sharpness(height), _coarse(height)
        if below is not None:
            common.append(_correlation(below, small))
        if found > most:
            best, most = height, found
        below = small
    if best is None or (common and float(np.median(common)) < LEAST_ALIKE):
        raise Fault(
            f"is a TIFF stack whose {len(common) + 1} slices have little in common (correlation "
            f"{np.median(common or [0]):.2f}), as photos of several fields have; save each page as a file"
        )
    return best


def alike(one: Image8, other: Image8) -> float:
    """How alike two pictures of one size are, 0 to 1, whatever their focus and light."""
    return _correlation(_coarse(one), _coarse(other))


def sharpness(pixels: Image8) -> float:
    """The mean squared difference of pixels two apart, in 8-bit levels (Brenner and others, 1976).

    It is taken after halving the picture, so that the noise of single pixels counts little.
    """
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    across, down = small[:, 2:] - small[:, :-2], small[2:] - small[:-2]
    return float(np.mean(across**2) + np.mean(down**2))


def _coarse(pixels: Image8) -> _Small:
    """The picture at 96 px, gray, without what is as wide as the light of the lamp."""
    gray = pixels.astype(np.float32) if pixels.ndim == 2 else pixels[..., :3].mean(axis=2, dtype=np.float32)  # noqa: PLR2004
    share = min(1.0, _SIDE / max(gray.shape))
    size = max(4, round(gray.shape[1] * share)), max(4, round(gray.shape[0] * share))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), max(size) * _SMOOTH), np.float32)


def _correlation(one: _Small, other: _Small) -> float:
    """Either way: light and dark may change their places on the other side of the focus."""
    both = np.sqrt(float((one**2).sum()) * float((other**2).sum()))
    return abs(float((one * other).sum())) / both if both > 0 else 0.0
