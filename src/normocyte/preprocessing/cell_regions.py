"""Names the regions of a cell, for a score that judges each by its own kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.fields import described
from normocyte.core.types import Mask, Sample
from normocyte.preprocessing.support.distance import depths, framed
from normocyte.preprocessing.support.foreground import largest_piece
from normocyte.preprocessing.support.stacked import StackedStep

_RIM = 1
_OUTERMOST_BODY = np.uint8(3)
_EDGES = (2, 5, 10)
_SMALLEST_BODY = 0.3
_REFERENCE_SIZE = 64

Planes = npt.NDArray[np.float32]


@dataclass
class CellRegions(StackedStep):
    """Names regions in the mask: 1 rim of an appendage, 2 appendage, 3 to 6 the body from rim to core.

    The body is the mask opened with a disc of `opening` times the radius that a circle of the cell's area has
    (the whole mask, when less than 30 % would be left). Body pixels are named by their depth: up to 2, 5, 10
    and more pixels at 64 x 64, in proportion at other sizes. The pixels stay as they are.
    """

    opening: float = described(0.5, "radius of the disc, in radii of the cell", at_least=0, at_most=0.95)

    def stacked(self, samples: Sequence[Sample]) -> list[Sample]:
        masks = np.stack([framed(sample.mask) for sample in samples])
        deep = depths(masks)
        bodies = self._bodies(masks, deep)
        inside = depths(bodies)
        regions = np.maximum(masks + (deep > _RIM).view(np.uint8), _OUTERMOST_BODY * bodies)
        for edge in _EDGES:
            regions += (inside > edge * sqrt(samples[0].mask.size) / _REFERENCE_SIZE).view(np.uint8)
        named = regions[:, 1:-1, 1:-1].copy()
        return [Sample(sample.pixels, mask) for sample, mask in zip(samples, named, strict=True)]

    def _bodies(self, masks: Mask, deep: Planes) -> Mask:
        """The largest piece of each opened mask: what a disc can reach without leaving the cell."""
        areas = [cv2.countNonZero(mask) for mask in masks]
        radii = [self.opening * sqrt(area / pi) for area in areas]
        reach = np.array(radii, np.float32)[:, np.newaxis, np.newaxis]
        beyond = (deep <= reach).view(np.uint8)
        opened = masks & (depths(beyond) <= reach).view(np.uint8)
        bodies = masks.copy()
        for row, (area, radius) in enumerate(zip(areas, radii, strict=True)):
            _, deepest, _, place = cv2.minMaxLoc(deep[row])
            if deepest > radius:
                body = largest_piece(opened[row], (int(place[0]), int(place[1])))
                if cv2.countNonZero(body) >= _SMALLEST_BODY * area:
                    bodies[row] = body
        return bodies
