"""What a recipe's members cannot do, known before any cell is prepared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from normocyte.core.arrays import Image8
from normocyte.core.errors import ImageError
from normocyte.pipeline.member import Member, Steps, prepare

_SIDES = (64, 90)
_CELL = (196, 140, 158)

Shape = tuple[int, int, int]


def check_members(members: Sequence[Member]) -> None:
    """MissingExtraError for a detector that cannot learn here, ConfigError where its pictures do not fit."""
    for member in members:
        member.detector.check_can_learn()
        shape = shape_after(member.steps)
        if shape is not None:
            member.detector.check_shape(shape)


def shape_after(steps: Steps) -> Shape | None:
    """Height, width and channels of what these steps make of any picture; None where that differs."""
    try:
        made = {prepare(steps, _disc(side)).pixels.shape for side in _SIDES}
    except ImageError:  # such a plain cell is none to these steps
        return None
    if len(made) > 1:
        return None
    height, width, channels = made.pop()
    return height, width, channels


def _disc(side: int) -> Image8:
    """A round red cell on black."""
    down, right = np.mgrid[:side, :side] - (side - 1) / 2
    inside = down**2 + right**2 < (0.45 * side) ** 2
    return np.asarray(inside[..., np.newaxis] * np.array(_CELL), np.uint8)
