"""How much of healthy cells a detector that draws gives back."""

import numpy as np

from normocyte.core.types import Batch
from normocyte.detectors.contract import Detector

_AT_ONCE = 256


def variance_explained(detector: Detector, healthy: Batch, held_out: Batch) -> float | None:
    """The share of the variance of the held-out cells that a fitted detector explains, at most 1.

    1 - squared error / squared difference from the mean training image, over all pixels of the crop, also
    those that do not count. A textbook autoencoder that has converged reaches 0.85 and more on red cells;
    0 is no better than the mean image. None where it has no meaning: for a rule, for a detector that draws
    nothing, or one that only takes something off; and where all cells are alike.
    """
    if not (detector.learns and detector.gives_expected and detector.draws_anew):
        return None
    mean = healthy.pixels.mean(axis=0, dtype=np.float64)
    error = variance = 0.0
    for start in range(0, len(held_out), _AT_ONCE):
        batch = held_out.take(np.arange(start, min(start + _AT_ONCE, len(held_out))))
        error += float(np.square(batch.pixels - detector.expected(batch), dtype=np.float64).sum())
        variance += float(np.square(batch.pixels - mean).sum())
    return 1 - error / variance if variance else None
