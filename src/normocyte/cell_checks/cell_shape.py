"""Is there one round thing in the picture?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import SMALL, Thumbnails
from normocyte.core.messages import to_translate
from normocyte.core.types import Table

_PIXEL = 1 / 12
"""The variance, along each axis, of the area of one pixel."""


@dataclass
class CellShape(Check):
    """Checks that the image shows one cell of a usual size and outline.

    `area`: the share of the picture that is the cell, 0 to 1. `compactness`: how much of an ellipse it is.

    Compactness is the area over that of the ellipse with the same second moments, which is 4 pi
    sqrt(det(covariance)): about 1 for an ellipse, less for what is ragged, in pieces or has holes.
    """

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure(
                to_translate("area"),
                to_translate("the cell is too small for its picture"),
                to_translate("no edge, it fills the picture"),
                1.02,
            ),
            Measure(to_translate("compactness"), to_translate("no round cell of one piece in it"), "", 1.02),
        )

    def measure(self, thumbnails: Thumbnails) -> Table:
        masks = thumbnails.masks.reshape(len(thumbnails), SMALL**2).astype(np.float32)
        count, down, right, down_2, right_2, both = (masks @ _POWERS).astype(np.float64).T
        some = np.maximum(count, 1.0)
        down, right = down / some, right / some
        covariance = both / some - down * right
        variances = (down_2 / some - down**2 + _PIXEL, right_2 / some - right**2 + _PIXEL)
        determinant = np.maximum(variances[0] * variances[1] - covariance**2, _PIXEL**2)
        return np.stack([count / SMALL**2, count / (4 * np.pi * np.sqrt(determinant))], axis=1)


def _powers() -> npt.NDArray[np.float32]:
    """1, y, x, y^2, x^2 and y x of every pixel, (32 x 32, 6), from the middle on."""
    down, right = (axis.ravel() - (SMALL - 1) / 2 for axis in np.mgrid[:SMALL, :SMALL])
    powers = [np.ones_like(down), down, right, down**2, right**2, down * right]
    return np.stack(powers, axis=1).astype(np.float32)


_POWERS = _powers()
