"""The threshold for one smear whose own cells are all there is to compare with."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from normocyte.core.errors import TrainingError
from normocyte.core.messages import deferred
from normocyte.core.percent import percent
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, conformal_p_values, rate
from normocyte.thresholds.support.calibration import Calibration

_FEWEST = 100
_FEWEST_NULL = 0.9
_ROUNDS = 30
_POINTS = 36
_SMALLEST = np.finfo(np.float64).tiny


@dataclass
class EmpiricalNull(Threshold):
    """The null distribution is read from the bulk of the scores themselves, of which most are healthy.

    The empirical null of Efron, JASA 99 (2004) 96, for one smear: fit it on all cells of the smear, and take
    the p-values of the same cells. Instead of a normal law a shifted lognormal one is matched to the central
    scores, because scores of healthy cells are skewed to the right: z = log(1 + g (s - a) / b) / g is
    standard normal, g from 0.4 to 1.3, by least squares between the 20 % and 90 % quantiles of the null. The
    share of anomalous cells is what lies above the 1 % threshold in excess. TrainingError for fewer than 100
    cells, and where the lower 60 % of the scores leave fewer than 90 % of the cells to the null: then too
    many are anomalous to find what is healthy. Where 30 % or more are anomalous this may go unnoticed. An
    estimate that rests on the shape of the law, the more so the smaller the rate.
    """

    false_positive_rate: float = rate(0.01)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - none is known
        if len(scores) < _FEWEST:
            raise TrainingError(
                f"empirical_null needs {_FEWEST} cells of a smear to see its bulk, not {len(scores)}; "
                "give more cells, or take a rule that is calibrated on healthy ones."
            )
        ordered = np.sort(scores)
        null = _BULK.null(ordered)[0]
        if null.scale <= 0:
            raise TrainingError(
                f"empirical_null needs scores that differ, but most of these {len(scores):,} cells score "
                f"{null.centre:.4g}; take another score."
            )
        share = 1 - _LOWER.null(ordered)[1]
        if share < _FEWEST_NULL:
            raise TrainingError(
                f"empirical_null needs {percent(_FEWEST_NULL)} healthy cells or more in a smear, but only "
                f"about {percent(share)} of these {len(scores):,} look like the bulk; take a rule that is "
                "calibrated on healthy cells."
            )
        return null.cut(self.false_positive_rate)

    def p_values(
        self,
        scores: Scores,
        calibration: Calibration,
        patients: Names | None = None,  # noqa: ARG002 - whose cells they are does not matter
    ) -> Scores:
        null = _BULK.null(calibration.scores)[0] if len(calibration) else _Null(0.0, 0.0, 1.0)
        return null.p_values(scores) if null.scale > 0 else conformal_p_values(scores, calibration.scores)

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(
            deferred(
                "About {rate} of healthy cells are flagged, if nine in ten or more of the {cells} cells that "
                "it was fitted on are healthy, cells to come are like them, and healthy scores follow a "
                "shifted lognormal law; an estimate, not a guarantee.",
                rate=percent(self.false_positive_rate),
                cells=len(calibration),
            ),
            self.false_positive_rate,
        )


@dataclass(frozen=True)
class _Null:
    """A shifted lognormal law: its median, its scale there, and how skewed it is."""

    centre: float
    scale: float
    skew: float

    def cut(self, rate: float) -> float:
        """The score that this share of the law is above."""
        return self.centre + self.scale * float(np.expm1(-self.skew * ndtri(rate)) / self.skew)

    def p_values(self, scores: Scores) -> Scores:
        """The share of the law above each score, never 0; NaN for NaN."""
        ratio = np.maximum(self.skew * (scores - self.centre) / self.scale, -1.0)
        with np.errstate(divide="ignore"):  # below the law's begin every p-value is 1
            p_values = ndtr(-np.log1p(ratio) / self.skew)
        return np.asarray(np.maximum(p_values, _SMALLEST))


@dataclass(frozen=True)
class _Match:
    """Which part of the null is matched, with which skews, and beyond which share anomalies are counted."""

    begin: float
    end: float
    most_skewed: float
    rate: float

    def null(self, ordered: Scores) -> tuple[_Null, float]:
        """The law of rising scores (n,), and the share of cells that it does not explain."""
        anomalous, null = 0.0, self._fit(ordered, 0.0)
        for _ in range(_ROUNDS):
            beyond = 1 - np.searchsorted(ordered, null.cut(self.rate), side="right") / len(ordered)
            explained = min(max(0.0, (beyond - self.rate) / (1 - self.rate)), 0.5)
            if explained <= anomalous:
                break
            anomalous, null = explained, self._fit(ordered, explained)
        return null, anomalous

    def _fit(self, ordered: Scores, anomalous: float) -> _Null:
        """The law whose quantiles lie nearest to those of the scores below the anomalous ones."""
        levels = np.linspace(self.begin, self.end, _POINTS)
        places = (1 - anomalous) * levels * (len(ordered) - 1)
        found = np.interp(places, np.arange(len(ordered)), ordered)
        width = float(found[-1] - found[0])
        if not width > 0:
            return _Null(float(found[0]), 0.0, 1.0)
        rising = (found - found[0]) / width
        skews = np.linspace(0.4, self.most_skewed, 19)
        quantiles = np.expm1(skews[:, np.newaxis] * ndtri(levels)) / skews[:, np.newaxis]
        means = quantiles.mean(axis=1, keepdims=True)
        spread, centred = quantiles - means, rising - rising.mean()
        scales = (spread @ centred) / (spread**2).sum(axis=1)
        errors = ((centred - scales[:, np.newaxis] * spread) ** 2).sum(axis=1)
        best = int(np.argmin(np.round(errors, 12)))
        centre = rising.mean() - scales[best] * means[best, 0]
        return _Null(float(found[0] + width * centre), float(width * scales[best]), float(skews[best]))


_BULK = _Match(0.2, 0.9, 1.3, 0.01)
_LOWER = _Match(0.05, 0.6, 0.9, 0.05)
