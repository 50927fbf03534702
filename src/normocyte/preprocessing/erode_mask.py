"""Takes the rim out of what counts."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.support.distance import depth, framed


@dataclass
class ErodeMask(Step):
    """Keeps only what lies deeper than `distance` pixels in the mask; a pixel on its border lies 1 deep.

    1 takes off the outermost row, 1.5 its corners too; region names stay. A cell too thin to have such a
    depth is left with an empty mask, which scores as not assessable.
    """

    distance: float = described(
        1.0, "depth from which a pixel is kept", unit="pixels", at_least=0, at_most=100
    )

    def apply(self, sample: Sample) -> Sample:
        deep = depth(framed(sample.mask), cv2.DIST_MASK_PRECISE)[1:-1, 1:-1] > self.distance
        return Sample(sample.pixels, sample.mask * deep.view(np.uint8))
