"""The contract of a metric."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Estimate, Labels, Names, Scores

Weights = npt.NDArray[np.float64]
"""How often each cell counts in each resample, (resamples, n)."""


@dataclass
class Metric(ABC):
    """Turns scores and labels into one figure with an interval by bootstrap over patients.

    Cells of one patient resemble each other, so whole patients are drawn with replacement (the cluster bootstrap:
    Field & Welsh, J. R. Stat. Soc. B 69, 2007); the interval is the 2.5 to 97.5 % percentile.
    """

    resamples: int = 500
    seed: int = 0

    @abstractmethod
    def points(self, scores: Scores, labels: Labels, weights: Weights) -> npt.NDArray[np.float64]:
        """The figure under each row of weights, (resamples,); NaN where it is undefined (e.g. one class only)."""

    def measure(self, scores: Scores, labels: Labels, patients: Names) -> Estimate:
        """The figure with its 95 % interval from scores (n,), labels (n,) of 0 and 1 and patient names (n,)."""
        raise NotImplementedError
