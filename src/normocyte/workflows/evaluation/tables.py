"""The tables of an evaluation: metrics with intervals, and what each rule for the cut does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Flags, Labels, Names, Scores
from normocyte.core.errors import TrainingError
from normocyte.core.registry import part_class, part_name, part_names
from normocyte.core.types import Estimate
from normocyte.metrics.accuracy import Accuracy
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.contract import Metric
from normocyte.metrics.f1 import F1
from normocyte.metrics.families.ranking import Ranking
from normocyte.metrics.precision import Precision
from normocyte.metrics.recall import Recall
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.metrics.specificity import Specificity
from normocyte.metrics.support.bootstrap import Weights
from normocyte.metrics.support.confusion import confusion
from normocyte.results.evaluation import AUROC, SENSITIVITY, MetricRow, ThresholdRow, Tuned
from normocyte.thresholds.contract import Threshold
from normocyte.workflows.evaluation.tuned import Fitting, tuned

OF_RANKING: tuple[tuple[str, str, Ranking], ...] = (
    (AUROC, "AUROC", Auroc()),
    (
        "sensitivity_at_specificity_95",
        "sensitivity at 95 % specificity",
        SensitivityAtSpecificity(specificity=0.95),
    ),
    (SENSITIVITY, "sensitivity at 99 % specificity", SensitivityAtSpecificity(specificity=0.99)),
    (
        "sensitivity_at_specificity_99.5",
        "sensitivity at 99.5 % specificity",
        SensitivityAtSpecificity(specificity=0.995),
    ),
    ("average_precision", "average precision, at the set's own prevalence", AveragePrecision()),
    ("average_precision_1", "average precision at 1 % prevalence", AveragePrecision(prevalence=0.01)),
    ("average_precision_3", "average precision at 3 % prevalence", AveragePrecision(prevalence=0.03)),
    ("average_precision_5", "average precision at 5 % prevalence", AveragePrecision(prevalence=0.05)),
)
_OF_DECISION: tuple[tuple[str, str, type], ...] = (
    ("accuracy", "accuracy at the cut", Accuracy),
    ("precision", "precision at the cut", Precision),
    ("recall", "recall (sensitivity) at the cut", Recall),
    ("f1", "F1 at the cut", F1),
    ("specificity", "specificity at the cut", Specificity),
)


@dataclass(frozen=True)
class Judged:
    """Test cells.

    Their labels, patients and doubts, each (n,), the scores (n,) and the cut of every detector.
    """

    labels: Labels
    patients: Names
    doubtful: Flags
    scores: tuple[Scores, ...]
    cuts: tuple[float, ...]


class _NoCut(Metric):
    """What a detector whose cut is not at hand decides: nothing."""

    def points(self, scores: Scores, labels: Labels, weights: Weights) -> npt.NDArray[np.float64]:  # noqa: ARG002
        return np.full(len(weights), np.nan)


def metric_rows(cells: Judged) -> tuple[MetricRow, ...]:
    """Every metric of every detector, on all labels and, where some are doubtful, without those."""
    ranking = [_row(cells, key, name, [metric] * len(cells.scores)) for key, name, metric in OF_RANKING]
    decision = [
        _row(cells, key, name, [_NoCut() if np.isnan(cut) else kind(cut=cut) for cut in cells.cuts])
        for key, name, kind in _OF_DECISION
    ]
    return (*ranking, *decision)


def _row(cells: Judged, key: str, name: str, metrics: Sequence[Metric]) -> MetricRow:
    everything = np.ones(len(cells.labels), np.bool_)
    undoubted = _measured(cells, metrics, ~cells.doubtful) if cells.doubtful.any() else ()
    return MetricRow(key, name, _measured(cells, metrics, everything), undoubted)


def _measured(cells: Judged, metrics: Sequence[Metric], rows: Flags) -> tuple[Estimate, ...]:
    return tuple(
        metric.measure(scores[rows], cells.labels[rows], cells.patients[rows])
        for metric, scores in zip(metrics, cells.scores, strict=True)
    )


def threshold_rows(
    in_use: Threshold, healthy: Fitting, labelled: Fitting, test: Fitting, seed: int
) -> tuple[ThresholdRow, ...]:
    """What each rule of the room flags among the test cells, the one in use first.

    Rules without labels are fitted on healthy calibration cells, the others on tuning cells, whose patients
    the seed deals into folds for what `tuned` says; a rule that has no cells to be fitted on is left out.
    """
    rows = [_threshold_row(in_use, test, tuned(in_use, labelled, seed), is_in_use=True)]
    for name in part_names("thresholds"):
        rule: Threshold = part_class("thresholds", name)()
        cells = labelled if rule.uses_labels else healthy
        if name == part_name(in_use) or not _is_fitted(rule, cells):
            continue
        rows.append(_threshold_row(rule, test, tuned(rule, labelled, seed), is_in_use=False))
    return tuple(rows)


def _is_fitted(rule: Threshold, cells: Fitting) -> bool:
    try:
        rule.fit(cells.scores, cells.patients, cells.labels)
    except TrainingError:
        return False
    return True


def _threshold_row(rule: Threshold, test: Fitting, on_tuning: Tuned, is_in_use: bool) -> ThresholdRow:
    counts = confusion(rule.decide(test.scores), test.labels)
    return ThresholdRow(
        _format_value(rule), rule.cut, rule.uses_labels, *counts, is_in_use, on_tuning, part_name(rule)
    )


def _format_value(rule: Threshold) -> str:
    fields = [
        f"{key}={value:g}"
        for key, value in vars(rule).items()
        if key != "cut" and isinstance(value, float | int)
    ]
    return f"{part_name(rule)} ({', '.join(fields)})" if fields else part_name(rule)
