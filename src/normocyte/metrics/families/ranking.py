"""What all metrics share that judge how scores rank cells, whatever the threshold."""

from abc import abstractmethod
from dataclasses import dataclass

from normocyte.core.types import Floats, Labels, Scores
from normocyte.metrics.contract import Metric
from normocyte.metrics.support.bootstrap import Weights
from normocyte.metrics.support.sweep import Sweep, sweep


@dataclass
class Ranking(Metric):
    """A figure of all thresholds at once; several of them can be read from one sweep."""

    def points(self, scores: Scores, labels: Labels, weights: Weights) -> Floats:
        """The figure of the cells swept under each row of weights."""
        return self.of_sweep(sweep(scores, labels, weights))

    @abstractmethod
    def of_sweep(self, counts: Sweep) -> Floats:
        """The figure under each row of the sweep, (resamples,); NaN where a class is missing."""
