"""The tables of an evaluation: metrics with intervals, and what each rule for the threshold does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import TrainingError
from normocyte.core.registry import part_class, part_name, part_names
from normocyte.core.types import Estimate, Flags, Labels, Names, Scores
from normocyte.metrics.contract import Metric, TableRow
from normocyte.metrics.families.at_threshold import AtCut
from normocyte.metrics.support.bootstrap import Weights
from normocyte.metrics.support.confusion import confusion
from normocyte.results.evaluation import MetricRow, ThresholdRow, Tuned
from normocyte.thresholds.contract import Threshold
from normocyte.workflows.evaluation.tuned import Fitting, tuned


@dataclass(frozen=True)
class Judged:
    """Test cells.

    Their labels, patients and doubts, each (n,), the scores (n,) and the threshold of every detector.
    """

    labels: Labels
    patients: Names
    doubtful: Flags
    scores: tuple[Scores, ...]
    cuts: tuple[float, ...]


class _NoCut(Metric):
    """What a detector whose threshold is not at hand decides: nothing."""

    def points(self, scores: Scores, labels: Labels, weights: Weights) -> npt.NDArray[np.float64]:  # noqa: ARG002
        return np.full(len(weights), np.nan)


def shown_metrics() -> list[tuple[TableRow, type[Metric]]]:
    """Every row that a metric fills, with that metric, in the order of the tables."""
    found: list[type[Metric]] = [part_class("metrics", name) for name in part_names("metrics")]
    return [(row, metric) for metric in sorted(found, key=lambda one: one.order) for row in metric.rows]


def main_metrics() -> set[str]:
    """The keys of the rows that stand on the terminal, too."""
    return {row.key for row, _ in shown_metrics() if row.is_main}


def metric_rows(cells: Judged) -> tuple[MetricRow, ...]:
    """Every metric of every detector, on all labels and, where some are doubtful, without those."""
    return tuple(_row(cells, row, metric) for row, metric in shown_metrics())


def _row(cells: Judged, row: TableRow, kind: type[Metric]) -> MetricRow:
    metrics = [_metric(row, kind, cut) for cut in cells.cuts]
    everything = np.ones(len(cells.labels), np.bool_)
    undoubted = _measured(cells, metrics, ~cells.doubtful) if cells.doubtful.any() else ()
    return MetricRow(row.key, row.title, _measured(cells, metrics, everything), undoubted)


def _metric(row: TableRow, kind: type[Metric], cut: float) -> Metric:
    if not issubclass(kind, AtCut):
        return kind(**row.fields)
    return _NoCut() if np.isnan(cut) else kind(threshold=cut, **row.fields)


def _measured(cells: Judged, metrics: Sequence[Metric], rows: Flags) -> tuple[Estimate, ...]:
    return tuple(
        metric.measure(scores[rows], cells.labels[rows], cells.patients[rows])
        for metric, scores in zip(metrics, cells.scores, strict=True)
    )


def threshold_rows(
    in_use: Threshold, healthy: Fitting, labelled: Fitting, test: Fitting, seed: int
) -> tuple[ThresholdRow, ...]:
    """What each threshold rule flags among the test cells, the one in use first.

    Rules without labels are fitted on healthy calibration cells, the others on tuning cells, whose patients
    the seed deals into folds for what `tuned` says; a rule that has no cells to be fitted on is left out.
    """
    rows = [threshold_row(in_use, test, tuned(in_use, labelled, seed), is_in_use=True)]
    for name in part_names("thresholds"):
        rule: Threshold = part_class("thresholds", name)()
        cells = labelled if rule.uses_labels else healthy
        if name == part_name(in_use) or not _is_fitted(rule, cells):
            continue
        rows.append(threshold_row(rule, test, tuned(rule, labelled, seed), is_in_use=False))
    return tuple(rows)


def _is_fitted(rule: Threshold, cells: Fitting) -> bool:
    try:
        rule.fit(cells.scores, cells.patients, cells.labels)
    except TrainingError:
        return False
    return True


def threshold_row(rule: Threshold, test: Fitting, on_tuning: Tuned, is_in_use: bool) -> ThresholdRow:
    """What a fitted rule flags among the test cells."""
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
