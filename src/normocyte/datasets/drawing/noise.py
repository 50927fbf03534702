"""What chance decides: whether a thing happens, and how uneven a surface is."""

from __future__ import annotations

import cv2
import numpy as np

from normocyte.datasets.drawing.scene import Field


def happens(generator: np.random.Generator, share: float) -> bool:
    """True in this share of all calls."""
    return bool(generator.uniform() < share)


def clouds(generator: np.random.Generator, shape: tuple[int, ...], knots: int) -> Field:
    """Smooth noise around zero with about `knots` waves a side and a standard deviation below 1."""
    grid = generator.standard_normal((knots, knots), dtype=np.float32)
    return np.asarray(cv2.resize(grid, shape[::-1], interpolation=cv2.INTER_CUBIC), dtype=np.float32)
