"""Where in a cell the error lies: near the outline, or inside."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from normocyte.results.evaluation import View

NEAR_PX = 2
"""So far from the outline, in pixels that the detector sees, the error counts as near it."""


def outline_share(views: Sequence[View]) -> float:
    """Of the squared error of all these cells, the share near the outline or outside; NaN without error."""
    near = whole = 0.0
    for view in views:
        error = np.square(np.nan_to_num(view.residual))
        whole += float(error.sum())
        near += float(error[~_inside(view.mask > 0)].sum())
    return near / whole if whole else float("nan")


def _inside(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """What lies farther inside the mask than that."""
    inside = np.pad(mask, 1)
    for _ in range(NEAR_PX):
        core = inside[1:-1, 1:-1]
        core = core & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
        inside = np.pad(core, 1)
    return inside[1:-1, 1:-1]
