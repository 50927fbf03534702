"""The contract of a threshold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.types import Labels, Names, Scores


@dataclass
class Threshold(ABC):
    """Turns scores of cells that no network saw into a cut: a score *above* the cut is flagged.

    A threshold with `uses_labels` is fitted on labelled tuning cells, any other on healthy calibration cells;
    the bundle says which. It never sees a test cell.
    """

    uses_labels: ClassVar[bool] = False

    cut: float = field(init=False, default=float("nan"))

    @abstractmethod
    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:
        """The cut for these scores (n,), their patients (n,) and labels (n,), all 0 for calibration cells."""

    def fit(self, scores: Scores, patients: Names, labels: Labels) -> None:
        """Set `cut`; TrainingError for no scores, a score that is no number, or labels of one kind only."""
        name = type(self).__name__
        if len(scores) == 0:
            raise TrainingError(
                f"{name} got no scores to choose a cut from; give it at least one calibration cell."
            )
        bad = int(np.count_nonzero(~np.isfinite(scores)))
        if bad:
            raise TrainingError(
                f"{name} got {bad} of {len(scores)} scores that are not finite numbers; leave them out."
            )
        if self.uses_labels and len(np.unique(labels)) < 2:  # noqa: PLR2004 - healthy and infected
            raise TrainingError(
                f"{name} needs healthy and infected tuning cells, but got {len(labels)} of one kind."
            )
        self.cut = float(self.choose(scores, patients, labels))

    def decide(self, scores: Scores) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which scores are flagged, (n,) bool."""
        return np.asarray(scores > self.cut)


def conformal_p_values(scores: Scores, calibration: Scores) -> Scores:
    """The conformal p-value of each score: (1 + calibration scores at least as high) / (n + 1).

    Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World (2005), equation 2.20. A small p-value
    says that few healthy cells score so high. `calibration` must be sorted, (m,); gives (n,) float64 in (0,
    1], NaN for NaN.
    """
    below = np.searchsorted(calibration, scores, side="left")
    p_values = (1.0 + len(calibration) - below) / (len(calibration) + 1.0)
    return np.where(np.isnan(scores), np.nan, p_values)
