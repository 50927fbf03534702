"""The colours of what is unusual: clear below half of the cut, full from the cut on, brightest at twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps

from normocyte.core.arrays import Image8, Plane
from normocyte.reports.drawing.resample import smooth

FAINTEST, BRIGHTEST = 0.5, 2.0
_MOST_COVER = 0.8
_INSIDE = 0.5
_PLAIN = 208
_COLOURS: npt.NDArray[np.float32] = (255 * colormaps["viridis"](np.linspace(0.25, 1, 256))[:, :3]).astype(
    np.float32
)


def heated(image: Image8, heat: Plane, mask: npt.NDArray[np.uint8]) -> Image8:
    """The picture (height, width, 3) with its heat laid over it, but only where the mask counts.

    Heat and mask (rows, columns) are stretched to the picture.
    """
    shape = image.shape[:2]
    place = _place(smooth(np.clip(np.nan_to_num(heat), 0, BRIGHTEST).astype(np.float32), *shape))
    inside = smooth((mask > 0).astype(np.float32), *shape) >= _INSIDE
    cover = (_MOST_COVER * inside * np.minimum(2 * place, 1)).astype(np.float32)[..., None]
    mixed = image + cover * (_COLOURS[(255 * place).round().astype(np.uint8)] - image)
    return np.asarray(mixed.round(), np.uint8)


def heat_bar(height: int, width: int) -> Image8:
    """All colours from the faintest to the brightest, over a plain gray."""
    rising = FAINTEST * (BRIGHTEST / FAINTEST) ** np.linspace(0, 1, width, dtype=np.float32)
    heat = np.tile(rising, (height, 1))
    return heated(np.full((height, width, 3), _PLAIN, np.uint8), heat, np.ones((height, width), np.uint8))


def _place(heat: Plane) -> Plane:
    """Where a heat stands between the faintest, 0, and the brightest, 1, in equal ratios."""
    ratio = np.log(np.maximum(heat, FAINTEST) / FAINTEST) / np.log(BRIGHTEST / FAINTEST)
    return np.asarray(np.minimum(ratio, 1), np.float32)
