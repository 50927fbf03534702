"""Whether images or their scores are all alike, so that nothing can be learnt from them."""

from collections.abc import Sequence

import numpy as np

from normocyte.core.errors import DatasetError, TrainingError
from normocyte.core.types import Batch, Scores

TAKE = "take one that reads brightness, such as classic"
_SAME = 1e-6
_ALIKE = 1e-5
"""By so much of their size do scores of one image differ that was rounded differently."""


def check_differs(views: Sequence[Batch]) -> None:
    """DatasetError where all images are the same after the steps of some member."""
    for batch in views:
        spread = float(np.ptp(batch.pixels, axis=0).max(initial=0))
        if len(batch) > 1 and spread <= _SAME * max(1.0, float(np.abs(batch.pixels[0]).max(initial=0))):
            raise DatasetError(
                f"All {len(batch):,} training images are the same after the steps of the recipe, so that it "
                f"can learn nothing from them; give different images, or {TAKE}."
            )


def check_scores(scores: Scores) -> None:
    """TrainingError where all calibration cells have the same score: the recipe sees no difference."""
    if are_all_alike(scores):
        raise TrainingError(
            f"All {len(scores):,} calibration cells have the same score, {scores[0]:.6g}: the recipe sees no "
            f"difference between them; give different images, or {TAKE}."
        )


def are_all_alike(scores: Scores) -> bool:
    """Whether several scores differ by no more than rounding."""
    return len(scores) > 1 and bool(np.ptp(scores) <= _ALIKE * np.abs(scores).max())
