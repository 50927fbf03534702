"""Has it a usual size and shape?"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import Table


@dataclass
class ImageSize(Check):
    """Checks that the image is about as large as healthy ones, and of their shape; for images of any kind.

    `shorter_side`: in pixels. `aspect`: the width over the height.
    """

    is_general: ClassVar[bool] = True

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure("shorter_side", "too few pixels", "far more pixels than usual", 2.0),
            Measure("aspect", "too tall for its width", "too wide for its height", 1.2),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        sizes = np.array([image.shape[:2] for image in thumbnails.images], np.float64).reshape(-1, 2)
        return np.stack([thumbnails.sides, sizes[:, 1] / sizes[:, 0]], axis=1)
