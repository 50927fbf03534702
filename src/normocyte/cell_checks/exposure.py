"""Is there as much light as in the cells of the training?"""

from dataclasses import dataclass

import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.messages import to_translate
from normocyte.core.types import Table

_SHARE = 0.25


@dataclass
class Exposure(Check):
    """Checks that the cell is neither too dark nor too bright.

    `brightness`: the gray, 0 to 255, that a quarter of the inside of the cell exceeds.

    A parasite makes a cell darker, but seldom all of it.
    """

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure(
                to_translate("brightness"),
                to_translate("too dark"),
                to_translate("too bright"),
                1.05,
                is_watched=True,
            ),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        every_other = np.s_[:, ::2, ::2]
        gray = thumbnails.planes[(slice(None), *every_other)].mean(axis=0, dtype=np.float32)
        inside = thumbnails.inner[every_other].copy()
        inside[~inside.any(axis=(1, 2))] = 1
        ordered = np.sort(
            np.where(inside > 0, gray, 0).reshape(len(inside), gray.shape[1] * gray.shape[2]), axis=1
        )
        count = inside.sum(axis=(1, 2), dtype=np.int64)
        place = ordered.shape[1] - 1 - (_SHARE * count).astype(np.int64)
        return np.take_along_axis(ordered, place[:, np.newaxis], axis=1).astype(np.float64)
