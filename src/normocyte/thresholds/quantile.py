"""The cut that a given share of healthy cells may pass."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds._base import Threshold


@dataclass
class Quantile(Threshold):
    """The conformal quantile: the k-th smallest of n healthy scores, k = min(n, ceil((n + 1) * (1 - rate))).

    A new healthy cell, exchangeable with these n, lies above it with probability at most the rate as long as
    n >= 1 / rate - 1; with fewer cells the cut is the largest score. (Vovk, Gammerman & Shafer, Algorithmic
    Learning in a Random World, 2005; no interpolation between scores.)
    """

    false_positive_rate: float = 0.01

    def __post_init__(self) -> None:
        """Refuse a rate that flags none or all."""
        if not 0 < self.false_positive_rate < 1:
            raise ConfigError(
                f"quantile: false_positive_rate = {self.false_positive_rate!r} is not possible; choose a "
                "share between 0 and 1, such as 0.01."
            )

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        rank = ceil((len(scores) + 1) * (1 - self.false_positive_rate) - 1e-9)
        return float(np.sort(scores)[min(rank, len(scores)) - 1])
