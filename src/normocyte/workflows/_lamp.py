"""Makes up for another lamp: the cells of a photo as bright as those that the bundle learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from normocyte.pipeline.pipeline import Image8
from normocyte.quality._gate import Gate

BRIGHTNESS = "brightness"


def lit_as_known(gate: Gate, cells: Sequence[Image8]) -> list[Image8]:
    """The cells of one photo, all multiplied by one number, so that their median brightness is the usual one.

    The lamp is the photo's, and whether the photo itself is too dark or too bright was asked before; a cell
    that is darker than its neighbours stays so. Without cells or a check of brightness nothing changes.
    """
    names = [measure.name for measure in gate.known]
    if not cells or BRIGHTNESS not in names:
        return list(cells)
    usual = float(gate.limits_[1, names.index(BRIGHTNESS)])
    own = float(np.median(gate.measures(cells)[BRIGHTNESS]))
    factor = np.float32(usual / max(own, 1.0))
    return [np.minimum(cell * factor + np.float32(0.5), 255).astype(np.uint8) for cell in cells]
