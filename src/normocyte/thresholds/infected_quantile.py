"""The threshold that a given share of healthy cells may pass, though infected ones stand among them."""

from dataclasses import dataclass
from math import log

import numpy as np

from normocyte.core.messages import deferred
from normocyte.core.percent import percent
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, rate
from normocyte.thresholds.support.calibration import Calibration

_BEGIN = 0.5
_END = 0.2
_ROUNDS = 200


@dataclass
class InfectedQuantile(Threshold):
    """The quantile of the healthy scores in a mixture of healthy cells and an unknown share of infected ones.

    From their median on, healthy scores are taken to fall exponentially, as those of `regional_tail` do, and
    the fall is read between their 50 % and 80 % quantiles. The share of infected cells is the smallest that
    explains what lies beyond the threshold in excess of `false_positive_rate` (the two groups and the
    empirical null of Efron, JASA 99 (2004) 96); the threshold is never above the quantile of all cells, which
    infected ones can only raise. No cell is left out. A guess, where `quantile` has a guarantee: use it only
    where calibration cells cannot be reviewed.
    """

    false_positive_rate: float = rate(0.01, below=_END)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - none is known
        infected, cut = -1.0, self._cut(scores, 0.0)
        for _ in range(_ROUNDS):
            beyond = float(np.mean(scores > cut))
            explained = max(0.0, (beyond - self.false_positive_rate) / (1 - self.false_positive_rate))
            if explained <= infected:
                break
            infected, cut = explained, self._cut(scores, explained)
        return min(cut, float(np.quantile(scores, 1 - self.false_positive_rate, method="higher")))

    def _cut(self, scores: Scores, infected: float) -> float:
        """The threshold if this share of the cells were infected, and above all the others."""
        start, stop = np.quantile(scores, [(1 - infected) * (1 - share) for share in (_BEGIN, _END)])
        return float(start + (stop - start) * log(_BEGIN / self.false_positive_rate) / log(_BEGIN / _END))

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(
            deferred(
                "About {rate} of healthy cells are flagged, if their scores fall exponentially beyond the "
                "median; a guess from {cells} cells with infected ones among them, not a guarantee.",
                rate=percent(self.false_positive_rate),
                cells=len(calibration),
            ),
            self.false_positive_rate,
        )
