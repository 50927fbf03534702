"""The threshold for rates so small that no calibration cell may lie above it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.messages import Message, deferred
from normocyte.core.percent import percent
from normocyte.core.seeds import generator
from normocyte.core.types import Floats, Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, conformal_p_values, rate
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients
from normocyte.thresholds.support.pareto import Pareto, fit_p_value, fitted

_TAIL = 0.1
_FEWEST = 50
_FEWEST_PATIENTS = 10
_POOREST_FIT = 0.001
_DRAWS = 500
_SURE = 0.95
_SMALLEST = np.finfo(np.float64).tiny


@dataclass
class ExtremeValue(Threshold):
    """Peaks over threshold: above their 90 % quantile, healthy scores follow a generalised Pareto law.

    Pickands, Annals of Statistics 3 (1975) 119; Coles, An Introduction to Statistical Modeling of Extreme
    Values (2001), chapter 4. Fitted by probability-weighted moments (Hosking & Wallis, Technometrics 29
    (1987) 339). Up to the quantile the p-value is the conformal one, above it the share above the quantile
    times that of the law. A law with an end, beyond which no healthy cell could score, is replaced by the
    exponential one with the same mean, which flags fewer: a few dozen cells cannot show an end.
    TrainingError for fewer than 50 scores above the quantile, and where the law fits them worse than it fits
    999 samples of itself (Cramér-von Mises); cells of one patient that resemble each other make this happen
    sooner. Below 1 / (n + 1) every p-value is an extrapolation.
    """

    false_positive_rate: float = rate(0.001)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        calibration = Calibration.of(scores, patients)
        tail = _Tail.of(calibration)
        if len(tail.excesses) < _FEWEST:
            raise TrainingError(
                f"extreme_value needs {_FEWEST} scores above their {percent(1 - _TAIL)} quantile, so "
                f"{ceil(_FEWEST / _TAIL):,} healthy cells or more, but got {len(tail.excesses)} from "
                f"{cells_of_patients(calibration)}; calibrate on more cells, or choose another rule."
            )
        free = fitted(tail.excesses, np.ones(len(tail.excesses)))
        if fit_p_value(tail.excesses, free) <= _POOREST_FIT:
            raise TrainingError(
                f"extreme_value: the {len(tail.excesses):,} scores above {tail.start:.4g} do not fall as a "
                f"generalised Pareto law (p <= {_POOREST_FIT:g}); choose a rule that needs no law, such as "
                "conformal."
            )
        return tail.cut(self.false_positive_rate)

    def p_values(
        self,
        scores: Scores,
        calibration: Calibration,
        patients: Names | None = None,  # noqa: ARG002 - whose cells they are does not matter
    ) -> Scores:
        tail = _Tail.of(calibration)
        is_above = scores > tail.start
        p_values = conformal_p_values(scores, calibration.scores)
        if len(tail.excesses) < _FEWEST:
            return p_values
        p_values[is_above] = tail.share * tail.law.above(scores[is_above] - tail.start)
        return np.maximum(p_values, _SMALLEST)

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(
            deferred(
                "About {rate} of healthy cells are flagged{between}, if new cells are like the {cells} that "
                "it "
                "was calibrated on and the highest tenth of healthy scores follows a generalised Pareto law, "
                "beyond the highest of these too.",
                rate=percent(self.false_positive_rate),
                between=self._between(calibration),
                cells=cells_of_patients(calibration),
            ),
            self.false_positive_rate,
        )

    def _between(self, calibration: Calibration) -> Message:
        """The interval of the rate at the threshold, in words."""
        if calibration.patient_count < _FEWEST_PATIENTS:
            return deferred(
                " (fewer than {patients} patients do not show how far that may be off)",
                patients=_FEWEST_PATIENTS,
            )
        rates = _Tail.of(calibration).rates(calibration, self.cut)
        low, high = np.quantile(rates, [(1 - _SURE) / 2, (1 + _SURE) / 2])
        return deferred(
            ", between {low} and {high} with {confidence} confidence over the draw of patients",
            low=percent(low),
            high=percent(high),
            confidence=percent(_SURE),
        )


@dataclass(frozen=True)
class _Tail:
    """The rising scores, where the highest tenth starts, and by how much these exceed it, rising."""

    scores: Scores
    start: float
    excesses: Floats

    @classmethod
    def of(cls, calibration: Calibration) -> _Tail:
        """The tail of these calibration scores, empty without any."""
        scores = calibration.scores
        if not len(scores):
            return cls(scores, np.inf, np.empty(0))
        start = float(scores[len(scores) - 1 - floor(_TAIL * len(scores))])
        return cls(scores, start, scores[np.searchsorted(scores, start, side="right") :] - start)

    @property
    def share(self) -> float:
        """The share of healthy cells in the tail."""
        return (len(self.excesses) + 1) / (len(self.scores) + 1)

    @property
    def law(self) -> Pareto:
        """The law of the excesses, without an end."""
        return self._law(np.ones(len(self.excesses)))

    def _law(self, weights: Floats) -> Pareto:
        means = (weights * self.excesses).sum(axis=-1) / weights.sum(axis=-1)
        return fitted(self.excesses, weights).without_end(means)

    def cut(self, rate: float) -> float:
        """The score that this share of healthy cells is above."""
        if rate < self.share:
            return self.start + float(self.law.at(rate / self.share))
        most = floor(rate * (len(self.scores) + 1) + 1e-9)
        return float(self.scores[max(len(self.scores) - most, 0)])

    def rates(self, calibration: Calibration, cut: float) -> Floats:
        """The share of healthy cells above a threshold, for patients resampled with replacement, (draws,)."""
        people = calibration.patient_count
        rng = generator(0, "extreme_value", "patients")
        drawn = rng.multinomial(people, np.full(people, 1 / people), _DRAWS).astype(np.float64)
        cells = drawn @ np.bincount(calibration.codes)
        first = len(self.scores) - len(self.excesses)
        if cut < self.start:
            first = int(np.searchsorted(self.scores, cut, side="right"))
        counts = drawn @ np.bincount(calibration.codes[first:], minlength=people)
        shares = np.asarray(counts / cells)
        has_law = (counts >= 2) & (cut >= self.start)  # noqa: PLR2004 - fewer have no law
        law = self._law(drawn[has_law][:, calibration.codes[first:]]) if has_law.any() else None
        if law is not None:
            shares[has_law] *= law.above(np.full(has_law.sum(), cut - self.start))
        return shares
