"""Curves over all thresholds, with bands by bootstrap over patients."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from normocyte.core.types import Floats, Labels, Names, Scores
from normocyte.metrics.support.bootstrap import PERCENTILES, Weights, has_both_classes, resampled
from normocyte.metrics.support.checks import check
from normocyte.metrics.support.sweep import Sweep, ratio, sweep

_Curve = Callable[[Sweep, int, Floats], Floats]

_ROUNDING = 1e-9
_FALSE_POSITIVE_RATES = np.concatenate([np.linspace(0, 0.05, 101), np.linspace(0.06, 1, 95)])
_RECALLS = np.linspace(0.005, 1, 200)


class Band(NamedTuple):
    """A curve y over x with its 95 % band; all (points,), empty where a class is missing."""

    x: Floats
    y: Floats
    low: Floats
    high: Floats


class ByCut(NamedTuple):
    """What each threshold gives, from low to high; all (cuts,), precision NaN where nothing is flagged."""

    cuts: Floats
    precision: Floats
    recall: Floats
    f1: Floats


def roc(scores: Scores, labels: Labels, patients: Names, resamples: int = 500, seed: int = 0) -> Band:
    """The sensitivity over the false-positive rate; the points are dense below 5 %, where it matters."""
    check(scores, labels, patients)
    return _band(_sensitivity, _FALSE_POSITIVE_RATES, scores, labels, resampled(patients, resamples, seed))


def precision_recall(
    scores: Scores, labels: Labels, patients: Names, resamples: int = 500, seed: int = 0
) -> Band:
    """The precision over the recall: at each recall, the best threshold that reaches it."""
    check(scores, labels, patients)
    return _band(_precision, _RECALLS, scores, labels, resampled(patients, resamples, seed))


def by_cut(scores: Scores, labels: Labels, most: int = 400) -> ByCut:
    """Precision, recall and F1 at up to `most` thresholds, which are scores; what lies above is flagged."""
    if not len(scores):
        return ByCut(*np.empty((4, 0)))
    cuts = np.unique(scores)
    counts = sweep(scores, labels, np.ones((1, len(scores))))
    chosen = np.unique(np.linspace(0, len(cuts) - 1, most).round().astype(int))
    found, wrong = (kind[0, :-1][::-1][chosen] for kind in (counts.true_positives, counts.false_positives))
    anomalies = counts.anomalies[0]
    return ByCut(
        cuts[chosen],
        ratio(found, found + wrong),
        ratio(found, anomalies),
        ratio(2 * found, found + wrong + anomalies),
    )


def _sensitivity(counts: Sweep, row: int, rates: Floats) -> Floats:
    """The sensitivity of one resample at these false-positive rates."""
    reached = counts.false_positives[row] / counts.healthy[row]
    last = np.searchsorted(reached, rates + _ROUNDING, side="right") - 1
    return np.asarray(counts.true_positives[row, last] / counts.anomalies[row])


def _precision(counts: Sweep, row: int, recalls: Floats) -> Floats:
    """The precision of one resample at these recalls."""
    reached = counts.true_positives[row] / counts.anomalies[row]
    first = np.searchsorted(reached, recalls - _ROUNDING, side="left")
    found, wrong = counts.true_positives[row, first], counts.false_positives[row, first]
    return np.asarray(found / (found + wrong))


def _rows(curve: _Curve, x: Floats, scores: Scores, labels: Labels, weights: Weights) -> list[Floats]:
    """The curve of each row of weights that holds both classes, each (points,)."""
    weights = weights[has_both_classes(labels, weights)]
    if not len(weights):
        return []
    counts = sweep(scores, labels, weights)
    return [curve(counts, row, x) for row in range(len(weights))]


def _band(curve: _Curve, x: Floats, scores: Scores, labels: Labels, chunks: Iterable[Weights]) -> Band:
    """The curve of all cells, with the percentiles of the resampled ones (NaN when there are none)."""
    whole = _rows(curve, x, scores, labels, np.ones((1, len(scores))))
    if not whole:
        return Band(*np.empty((4, 0)))
    drawn = [row for weights in chunks for row in _rows(curve, x, scores, labels, weights)]
    low, high = np.percentile(drawn, PERCENTILES, axis=0) if drawn else np.full((2, len(x)), np.nan)
    return Band(x, whole[0], np.minimum(low, whole[0]), np.maximum(high, whole[0]))
