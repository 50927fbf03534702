"""Is what it shows as fine or as coarse as in healthy images?"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import Image8, Table

_FINE, _COARSE = 1.0, 4.0
_NO_FINE = 0.3


@dataclass
class Texture(Check):
    """Checks how the contrast of an image of any kind is spread over fine and coarse structures.

    Of the image at 64 x 64 pixels: `fine_texture` is the share of the contrast that a blur over 1 pixel takes
    away, `coarse_texture` what is left after a blur over 4; both 0 to about 1.
    """

    is_general: ClassVar[bool] = True

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure("fine_texture", "too smooth", "too fine a texture", 1.3, offset=0.01),
            Measure(
                "coarse_texture", "without large structures", "nothing but large structures", 1.2, offset=0.02
            ),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        return np.array([_texture(gray) for gray in thumbnails.grays], np.float64).reshape(-1, 2)


def _texture(gray: Image8) -> tuple[float, float]:
    pixels = gray.astype(np.float32)
    contrast = float(pixels.std()) + 1
    fine = pixels - cv2.GaussianBlur(pixels, (0, 0), _FINE)
    coarse = cv2.GaussianBlur(pixels, (0, 0), _COARSE)
    return (float(fine.std()) + _NO_FINE) / contrast, (float(coarse.std()) + 1) / contrast
