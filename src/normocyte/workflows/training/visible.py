"""Whether a recipe can see how the images at hand differ: better known before an hour of training."""

from collections.abc import Sequence

import numpy as np

from normocyte.core.errors import DatasetError, ImageError, TrainingError
from normocyte.core.registry import part_name
from normocyte.core.types import Batch, Image8, Record, Scores
from normocyte.engine.colour import are_gray, looked_at
from normocyte.pipeline.member import Steps, prepare
from normocyte.pipeline.pipeline import Pipeline

_BLIND = 1e-3
_SAME = 1e-6
_ALIKE = 1e-5
"""By so much of their size do scores of one image differ that was rounded differently."""
_SIDE = 72
_PINK, _PURPLE = (196, 140, 158), (120, 60, 130)
_TAKE = "take one that reads brightness, such as classic"
_OF_GRAY = "take one that has learnt from gray images"


def check_sees(pipeline: Pipeline, records: Sequence[Record], what: str = "recipe") -> None:
    """DatasetError for a recipe (`what` it is called) that reads colour alone where all images are gray."""
    blind = [steps for steps in pipeline.views if is_blind_to_gray(steps)]
    if blind and are_gray(looked_at(records)):
        names = ", ".join(part_name(step) for step in blind[0])
        raise DatasetError(
            f"The images are gray, and the {what} reads colour alone: after its steps ({names}) nothing is "
            f"left of them; {_TAKE if what == 'recipe' else _OF_GRAY}."
        )


def check_differs(views: Sequence[Batch]) -> None:
    """DatasetError where all images are the same after the steps of some member."""
    for batch in views:
        spread = float(np.ptp(batch.pixels, axis=0).max(initial=0))
        if len(batch) > 1 and spread <= _SAME * max(1.0, float(np.abs(batch.pixels[0]).max(initial=0))):
            raise DatasetError(
                f"All {len(batch):,} training images are the same after the steps of the recipe, so that it "
                f"can learn nothing from them; give different images, or {_TAKE}."
            )


def check_scores(scores: Scores) -> None:
    """TrainingError where all calibration cells have the same score: the recipe sees no difference."""
    if are_all_alike(scores):
        raise TrainingError(
            f"All {len(scores):,} calibration cells have the same score, {scores[0]:.6g}: the recipe sees no "
            f"difference between them; give different images, or {_TAKE}."
        )


def are_all_alike(scores: Scores) -> bool:
    """Whether several scores differ by no more than rounding."""
    return len(scores) > 1 and bool(np.ptp(scores) <= _ALIKE * np.abs(scores).max())


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
