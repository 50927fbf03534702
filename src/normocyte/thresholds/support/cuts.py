"""The thresholds between labelled scores, and what each would flag."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import ANOMALY, Labels, Scores

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cuts:
    """All thresholds worth trying, from high to low, (m,), and how they split the labelled cells.

    They lie midway between neighbouring distinct scores; the first is the largest score and flags nothing.
    """

    at: Scores
    true_positives: Counts
    false_positives: Counts
    positives: int
    negatives: int

    @property
    def precision(self) -> npt.NDArray[np.float64]:
        """The share of infected cells among the flagged, (m,); 0 where nothing is flagged."""
        flagged = self.true_positives + self.false_positives
        return np.asarray(self.true_positives / np.maximum(flagged, 1), dtype=np.float64)

    @property
    def recall(self) -> npt.NDArray[np.float64]:
        """The share of infected cells that are flagged, (m,)."""
        return np.asarray(self.true_positives / self.positives, dtype=np.float64)


def cuts_between(scores: Scores, labels: Labels) -> Cuts:
    """The thresholds for scores (n,) with labels (n,) of both kinds."""
    distinct, place = np.unique(scores, return_inverse=True)
    infected = np.bincount(place, weights=labels == ANOMALY, minlength=len(distinct)).astype(np.int64)
    healthy = np.bincount(place, minlength=len(distinct)) - infected
    return Cuts(
        at=np.concatenate([distinct[-1:], _midway(distinct)[::-1]]),
        true_positives=np.concatenate([[0], infected[:0:-1].cumsum()]),
        false_positives=np.concatenate([[0], healthy[:0:-1].cumsum()]),
        positives=int(infected.sum()),
        negatives=int(healthy.sum()),
    )


def _midway(distinct: Scores) -> Scores:
    """Halfway between each pair of neighbours; the lower one where no number lies between them."""
    lower, upper = distinct[:-1], distinct[1:]
    half = lower / 2 + upper / 2
    return np.where((half > lower) & (half < upper), half, lower)


def best_f_beta(scores: Scores, labels: Labels, beta: float) -> float:
    """The highest threshold with the best F-beta: recall counts `beta` times as much as precision."""
    cuts = cuts_between(scores, labels)
    weight = beta**2
    missed = cuts.positives - cuts.true_positives
    found = (1 + weight) * cuts.true_positives
    return float(cuts.at[np.argmax(found / (found + weight * missed + cuts.false_positives))])
