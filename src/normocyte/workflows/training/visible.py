"""Whether a recipe can see how the images at hand differ: better known before an hour of training."""

from collections.abc import Sequence

import numpy as np

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.registry import part_name
from normocyte.core.types import Image8, Record
from normocyte.engine.colour import are_gray, looked_at
from normocyte.pipeline.alike import TAKE
from normocyte.pipeline.member import Steps, prepare
from normocyte.pipeline.pipeline import Pipeline

_BLIND = 1e-3
_SIDE = 72
_PINK, _PURPLE = (196, 140, 158), (120, 60, 130)
_OF_GRAY = "take one that has learnt from gray images"


def check_sees(pipeline: Pipeline, records: Sequence[Record], what: str = "recipe") -> None:
    """DatasetError for a recipe (`what` it is called) that reads colour alone where all images are gray."""
    blind = [steps for steps in pipeline.views if is_blind_to_gray(steps)]
    if blind and are_gray(looked_at(records)):
        names = ", ".join(part_name(step) for step in blind[0])
        raise DatasetError(
            f"The images are gray, and the {what} reads colour alone: after its steps ({names}) nothing is "
            f"left of them; {TAKE if what == 'recipe' else _OF_GRAY}."
        )


def is_blind_to_gray(steps: Steps) -> bool:
    """Whether a dark spot on a cell is lost on the way through these steps where both are gray."""
    try:
        in_colour, in_gray = (_spot_left(steps, is_gray) for is_gray in (False, True))
    except ImageError:  # such a plain cell is none to these steps
        return False
    return bool(in_colour > 0 and in_gray <= _BLIND * in_colour)


def _spot_left(steps: Steps, is_gray: bool) -> float:
    """How far a cell with a spot differs from the same without, after these steps."""
    plain, spotted = (prepare(steps, _cell(has_spot, is_gray)).pixels for has_spot in (False, True))
    return float(np.abs(spotted - plain).max())


def _cell(has_spot: bool, is_gray: bool) -> Image8:
    """A round red cell on black."""
    down, right = np.mgrid[:_SIDE, :_SIDE] - (_SIDE - 1) / 2
    radius = np.hypot(down, right)
    image = (radius < 0.45 * _SIDE)[..., np.newaxis] * np.array(_PINK)
    if has_spot:
        image = np.where((radius < 0.1 * _SIDE)[..., np.newaxis], _PURPLE, image)
    return np.asarray(image.mean(axis=2, keepdims=True).repeat(3, axis=2) if is_gray else image, np.uint8)
