"""Lets the threshold fall from the highest score to the lowest and counts what it flags."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import ANOMALY, Labels, Scores
from normocyte.metrics.support.bootstrap import Weights

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is flagged, each (resamples, cuts + 1): first nothing, then all cells down to each distinct score.

    Equal scores fall together, so no order among ties can flatter. The last column is all cells.
    """

    true_positives: Counts
    false_positives: Counts

    @property
    def anomalies(self) -> Counts:
        """The weight of all anomalous cells, (resamples, 1)."""
        return self.true_positives[:, -1:]

    @property
    def healthy(self) -> Counts:
        """The weight of all healthy cells, (resamples, 1)."""
        return self.false_positives[:, -1:]


@dataclass(frozen=True, slots=True)
class Falling:
    """Cells from the highest score to the lowest.

    Their row numbers `order` (n,), which of them in that order are anomalous (n,), where each tie ends.
    """

    order: npt.NDArray[np.intp]
    is_anomalous: npt.NDArray[np.bool_]
    ends: npt.NDArray[np.intp]

    def sweep(self, ordered: Weights) -> Sweep:
        """Counts under each row of weights (resamples, n), given in the falling order."""
        return Sweep(
            _running(ordered * self.is_anomalous, self.ends),
            _running(ordered * ~self.is_anomalous, self.ends),
        )


def falling(scores: Scores, labels: Labels) -> Falling:
    """The cells sorted once, to be swept under many weights."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores = scores[order]
    ends = np.flatnonzero(np.append(sorted_scores[1:] != sorted_scores[:-1], True))
    return Falling(order, labels[order] == ANOMALY, ends)


def sweep(scores: Scores, labels: Labels, weights: Weights) -> Sweep:
    """Counts under each row of weights (resamples, n) as the threshold falls through the distinct scores."""
    cells = falling(scores, labels)
    return cells.sweep(weights[:, cells.order])


def _running(weights: Weights, ends: npt.NDArray[np.intp]) -> Counts:
    """The running sum at the end of each group of ties, with a zero before it."""
    return np.pad(np.cumsum(weights, axis=1)[:, ends], ((0, 0), (1, 0)))


def ratio(part: Counts, whole: Counts) -> Counts:
    """Part of whole, NaN where the whole is nothing."""
    nothing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))
