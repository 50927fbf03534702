"""What all metrics share that judge one threshold."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import ANOMALY, Floats, Labels, Scores
from normocyte.metrics.contract import Metric
from normocyte.metrics.support.bootstrap import Weights


@dataclass(frozen=True, slots=True)
class Counted:
    """The weight of the cells of each kind under each resample, each (resamples,)."""

    true_positives: Floats
    false_positives: Floats
    true_negatives: Floats
    false_negatives: Floats


@dataclass
class AtCut(Metric):
    """A figure of one threshold: a score *above* the threshold is flagged, a score equal to it is not."""

    threshold: float = described(0.0, "a score above it is flagged", may_be_infinite=True)

    def points(self, scores: Scores, labels: Labels, weights: Weights) -> Floats:
        """The figure of the cells counted under each row of weights."""
        flagged, anomalous = scores > self.threshold, labels == ANOMALY
        kinds = (flagged & anomalous, flagged & ~anomalous, ~flagged & ~anomalous, ~flagged & anomalous)
        return self.figure(Counted(*(weights @ np.array(kinds, np.float64).T).T))

    @abstractmethod
    def figure(self, counted: Counted) -> Floats:
        """The figure from the counts, (resamples,); NaN where it is undefined."""
