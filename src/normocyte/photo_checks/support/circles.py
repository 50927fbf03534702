"""How well the rims of things agree on circles of a given size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Floats

_SMOOTH = 3.0
_BOARD_RADIUS = 6
_SPREAD = 1.0


@dataclass(frozen=True)
class Rims:
    """Points on the rims of what is in a mask, rows and columns (n, 2), and the ways inwards (n, 2)."""

    places: Floats
    inwards: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, mask: npt.NDArray[np.uint8], lit: npt.NDArray[np.bool_] | None = None) -> Rims:
        """The rims in a mask (height, width) of 0 and 1, but for where the picture cuts a thing off.

        Where `lit` is given, the rim of the lit part cuts like the edges of the picture.
        """
        soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), _SMOOTH)
        down, right = cv2.Sobel(soft, cv2.CV_32F, 0, 1), cv2.Sobel(soft, cv2.CV_32F, 1, 0)
        is_rim = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > 0
        if lit is not None:
            is_rim &= cv2.erode(lit.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        places = np.argwhere(is_rim)
        inwards = np.stack([down[is_rim], right[is_rim]], axis=1).astype(np.float64)
        length = np.linalg.norm(inwards, axis=1)
        kept = length > 0
        return cls(places[kept].astype(np.float64), inwards[kept] / length[kept, None], mask.shape)

    def agreement(self, radius: float) -> float:
        """How many points have their centre near that of a point, on average, over how many a circle has.

        0 and above, about 1 for circles of this radius in pixels; 0 without rims. The Hough transform for
        circles, with the direction of the rim: Duda and Hart, Comm. ACM 15 (1972) 11; Kimme, Ballard and
        Sklansky, Comm. ACM 18 (1975) 120.
        """
        scale = _BOARD_RADIUS / radius
        height, width = (max(1, round(side * scale)) for side in self.shape)
        rows, columns = np.floor((self.places + radius * self.inwards + 0.5) * scale).astype(np.intp).T
        is_in = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        if not is_in.any():
            return 0.0
        votes = rows[is_in] * width + columns[is_in]
        board = np.bincount(votes, minlength=height * width).astype(np.float32).reshape(height, width)
        near = cv2.GaussianBlur(board, (0, 0), _SPREAD, borderType=cv2.BORDER_CONSTANT)
        return float(near.ravel()[votes].sum() / len(self.places) * _SPREAD**2 / radius)
