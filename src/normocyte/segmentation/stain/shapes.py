"""How round, how solid and how ragged a piece is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.types import Flags


@dataclass(frozen=True, slots=True)
class Shape:
    """Measures of the outline of a piece that do not change with its size.

    `roundness` is the piece's area over that of the smallest circle around it, `solidity` its area over that
    of its convex hull, both at most 1; `raggedness` is the length of its outline over that of its hull's, 1
    for a smooth convex piece. `length` is the longer side of the smallest rectangle around it, in pixels.
    """

    area: int
    roundness: float
    solidity: float
    raggedness: float
    length: float

    @classmethod
    def of(cls, mask: Flags) -> Shape:
        """The shape of the largest connected part of a mask with at least one pixel."""
        contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outline = max(contours, key=len)
        corners = cv2.convexHull(outline)
        hull = np.zeros(mask.shape, np.uint8)
        cv2.fillConvexPoly(hull, corners, 1)
        area = int(np.count_nonzero(mask))
        radius = cv2.minEnclosingCircle(corners)[1] + 0.5  # from the middles of pixels to their rims
        sides = cv2.minAreaRect(corners)[1]
        return cls(
            area,
            float(area / (np.pi * radius**2)),
            float(area / max(int(hull.sum()), 1)),
            float(cv2.arcLength(outline, closed=True) / max(cv2.arcLength(corners, closed=True), 1.0)),
            float(max(sides) + 1),
        )
