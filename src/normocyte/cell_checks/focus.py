"""Is it in focus, at its full number of pixels, and free of strong noise?"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import Image8, Table

_GRAIN = 0.25
_FAINT = 0.2
_STEP = np.array([[-1, 0, 0, 0, 1]], np.float32)


@dataclass
class Focus(Check):
    """Checks an image of any kind for blur, enlargement of a small one, and noise, at its own size.

    `fine_detail`: the mean absolute Laplacian of the gray. `grain`: the Laplacian that three quarters of the
    pixels exceed: noise is everywhere, edges are not. `fineness`: `fine_detail` over the mean difference
    between pixels that are four apart; contrast does not change it.
    """

    is_general: ClassVar[bool] = True

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure("fine_detail", "too blurred", "too rough or noisy", 1.5, offset=0.3),
            Measure("grain", "", "too noisy", 1.5, offset=4.0),
            Measure(
                "fineness", "too blurred, or enlarged from a small picture", "too noisy", 1.3, offset=0.01
            ),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        return np.array([_focus(image) for image in thumbnails.images], np.float64).reshape(-1, 3)


def _focus(image: Image8) -> tuple[float, float, float]:
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    laplacian = cv2.Laplacian(gray, cv2.CV_16S)
    detail = cv2.norm(laplacian, cv2.NORM_L1) / gray.size
    levels = np.bincount(np.asarray(cv2.convertScaleAbs(laplacian)).ravel(), minlength=256).cumsum()
    grain = float(np.searchsorted(levels, _GRAIN * levels[-1]))
    steps = [cv2.norm(cv2.filter2D(gray, cv2.CV_16S, way), cv2.NORM_L1) for way in (_STEP, _STEP.T)]
    return detail, grain, (detail + _FAINT) / (sum(steps) / 2 / gray.size + _FAINT)
