"""Names the regions of a cell, for a score that judges each by its own kind."""

from dataclasses import dataclass
from math import pi, sqrt

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.fields import described
from normocyte.core.types import Mask, Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.distance import depth, framed
from normocyte.preprocessing.support.foreground import largest_piece

_RIM = 1
_OUTERMOST_BODY = np.uint8(3)
_EDGES = (2, 5, 10)
_SMALLEST_BODY = 0.3
_REFERENCE_SIZE = 64


@dataclass
class CellRegions(Step):
    """Names regions in the mask: 1 rim of an appendage, 2 appendage, 3 to 6 the body from rim to core.

    The body is the mask opened with a disc of `opening` times the radius that a circle of the cell's area has
    (the whole mask, when less than 30 % would be left). Body pixels are named by their depth: up to 2, 5, 10
    and more pixels at 64 x 64, in proportion at other sizes. The pixels stay as they are.
    """

    opening: float = described(0.5, "radius of the disc, in radii of the cell", at_least=0, at_most=0.95)

    def apply(self, sample: Sample) -> Sample:
        mask = framed(sample.mask)
        scale = sqrt(sample.mask.size) / _REFERENCE_SIZE
        deep = depth(mask)
        body = self._body(mask, deep)
        inside = depth(body)
        regions = np.maximum(mask + (deep > _RIM).view(np.uint8), _OUTERMOST_BODY * body)
        for edge in _EDGES:
            regions += (inside > edge * scale).view(np.uint8)
        return Sample(sample.pixels, regions[1:-1, 1:-1].copy())

    def _body(self, mask: Mask, deep: npt.NDArray[np.float32]) -> Mask:
        """The largest piece of the opened mask: what a disc can reach without leaving the cell."""
        area = cv2.countNonZero(mask)
        radius = self.opening * sqrt(area / pi)
        beyond = (deep <= radius).view(np.uint8)
        _, deepest, _, place = cv2.minMaxLoc(deep)
        if deepest <= radius:
            return mask
        opened = (depth(beyond) <= radius).view(np.uint8)
        body = largest_piece(opened & mask, (int(place[0]), int(place[1])))
        return body if cv2.countNonZero(body) >= _SMALLEST_BODY * area else mask
