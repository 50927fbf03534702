"""Is it as bright, and as rich in contrast, as healthy images are?"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import Table


@dataclass
class Brightness(Check):
    """Checks the light of a whole image of any kind, whatever it shows.

    `mean_level`: the mean gray, 0 to 255. `contrast`: the standard deviation of the gray, 0 to 128.
    """

    is_general: ClassVar[bool] = True

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure("mean_level", "too dark", "too bright", 1.3, offset=4.0),
            Measure("contrast", "nearly all of one shade", "too much contrast", 1.5, offset=1.0),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        grays = thumbnails.grays.astype(np.float64)
        return np.stack([grays.mean(axis=(1, 2)), grays.std(axis=(1, 2))], axis=1)
