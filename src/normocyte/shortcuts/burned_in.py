"""Whether text or a scale bar stands near the margins of an image."""

from collections.abc import Sequence
from typing import ClassVar, final

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Image8
from normocyte.shortcuts.contract import Shortcut
from normocyte.shortcuts.support.running import eroded, opened

_MOST_PX = 512
_LENGTH, _THICKNESS = 12, 16
"""A bar is at least a twelfth of the side long, and thinner than a sixteenth of it."""
_STROKE = 5
_CONTRAST = 80
"""Strokes differ by so many gray levels from what is around."""


@final
class BurnedIn(Shortcut):
    """Bright and dark bars and strokes in the outer quarter of an image, where scale bars and text stand.

    A bar is straight, longer than a twelfth of the image and thin; its number is its contrast in gray levels.
    Strokes are thinner than 5 px; their number is the root of the share of pixels that are part of one.
    """

    title: ClassVar[str] = "burned-in text or bar"
    measures: ClassVar[tuple[str, ...]] = (
        "bright bar at the margin",
        "dark bar at the margin",
        "share of bright strokes",
        "share of dark strokes",
    )

    def measure(self, image: StoredImage) -> Sequence[float]:
        """The contrasts of a bright and a dark bar, the roots of the shares of bright and dark strokes."""
        bright, dark = _reduced(image.gray), 255 - _reduced(255 - image.gray)
        negative = np.asarray(255 - dark, np.uint8)
        return _bar(bright), _bar(negative), _strokes(bright), _strokes(negative)


def _reduced(gray: Image8) -> Image8:
    """The brightest pixel of each square, so that no line is lost, up to 512 px a side."""
    factor = -(-max(gray.shape) // _MOST_PX)
    if factor == 1:
        return gray
    high, wide = (max(1, side // factor) for side in gray.shape)
    squares = gray[: high * factor, : wide * factor].reshape(high, -1, wide, min(factor, gray.shape[1]))
    return np.asarray(squares.max(axis=(1, 3)))


def _bar(plane: Image8) -> float:
    """The strongest contrast of a thin straight line along the sides, near them."""
    return max(_lying_bar(plane), _lying_bar(np.ascontiguousarray(plane.T)))


def _lying_bar(plane: Image8) -> float:
    height, width = plane.shape
    length, thickness = max(6, width // _LENGTH), max(4, height // _THICKNESS)
    if length >= width or thickness >= height:
        return 0.0
    lines = eroded(plane, length, axis=1)
    return float(_outer(lines - opened(lines, thickness, axis=0)).max())


def _strokes(plane: Image8) -> float:
    if min(plane.shape) <= _STROKE:
        return 0.0
    wide = opened(opened(plane, _STROKE, axis=0), _STROKE, axis=1)
    return float(np.sqrt(np.mean(_outer(plane - wide) >= _CONTRAST)))


def _outer(plane: Image8) -> Image8:
    """The pixels of the outer quarter at each side, (n,)."""
    high, wide = (side // 4 for side in plane.shape)
    middle = plane[high : plane.shape[0] - high]
    parts = (
        plane[:high],
        plane[plane.shape[0] - high :],
        middle[:, :wide],
        middle[:, middle.shape[1] - wide :],
    )
    return np.concatenate([part.ravel() for part in parts])
