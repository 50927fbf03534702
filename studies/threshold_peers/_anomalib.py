"""The F1-adaptive threshold of anomalib 2.7.0, written anew, because anomalib brings 2 GB of torch.

As its metrics/threshold/f1_adaptive_threshold.py says: the cut with the best F1 among the scores; the highest
score where the validation cells are all healthy, the lowest where all are infected. Its post-processor flags
what is above the cut (post_processing/post_processor.py).
"""

from __future__ import annotations

import numpy as np
from _catalogue import Flags, Given


def make(name: str) -> Flags:
    """What the rule flags."""
    del name

    def flags(given: Given, test: np.ndarray) -> np.ndarray:
        return test > best_f1(given.scores, given.labels)

    return flags


def best_f1(scores: np.ndarray, labels: np.ndarray) -> float:
    """The cut of the best F1, or the highest score of healthy cells alone."""
    if not labels.any():
        return float(scores.max())
    cuts = np.unique(scores)
    infected, everyone = np.sort(scores[labels == 1]), np.sort(scores)
    found = len(infected) - np.searchsorted(infected, cuts)
    flagged = len(everyone) - np.searchsorted(everyone, cuts)
    return float(cuts[np.argmax(2 * found / (flagged + len(infected)))])
