"""Is it in focus, and free of what no cell has: lines, letters, noise?"""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.inside import inside_mean
from normocyte.cell_checks.support.thumbnails import SIDE, SMALL, Thumbnails
from normocyte.core.messages import to_translate
from normocyte.core.types import Table


@dataclass
class Sharpness(Check):
    """Checks that the image is large and sharp enough.

    `size`: the shorter side in pixels. `detail`: the mean absolute Laplacian of green inside the cell.

    The Laplacian is that of 64 x 64 pixels, so that pictures of several sizes can be compared; green is the
    light that the stain takes away.
    """

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure(to_translate("size"), to_translate("too few pixels"), "", 2.0),
            Measure(
                to_translate("detail"),
                to_translate("too blurred"),
                to_translate("too rough"),
                1.05,
                room_above=3.0,
                is_watched=True,
                too_low_compressed=to_translate("too little detail, lost to lossy compression or blur"),
            ),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        if not len(thumbnails):
            return np.zeros((0, 2))
        laplacian = cv2.Laplacian(thumbnails.green.reshape(-1, SIDE), cv2.CV_16S)
        roughness = np.asarray(cv2.convertScaleAbs(laplacian), np.uint8).reshape(-1, SIDE, SIDE)
        roughness[:, [0, -1]], roughness[..., [0, -1]] = 0, 0  # in the stack they have neighbours
        stack = thumbnails.inner.reshape(-1, SMALL)
        inner = cv2.resize(stack, (SIDE, 2 * len(stack)), interpolation=cv2.INTER_NEAREST)
        detail = inside_mean(roughness, np.asarray(inner, np.uint8).reshape(-1, SIDE, SIDE))
        return np.stack([thumbnails.sides, detail], axis=1)
