"""The numbers of a report for programs: JSON and CSV."""

import math
from collections.abc import Iterator
from dataclasses import asdict

from normocyte.core.files import csv_text
from normocyte.core.types import Estimate
from normocyte.reports.drawing.shortcuts import shortcuts_json
from normocyte.results.agreement import Agreement
from normocyte.results.evaluation import Contents, Shares, ThresholdRow
from normocyte.results.json import to_json
from normocyte.results.scalars import Json, interval, number
from normocyte.wording.opening import opening

_COLUMNS = ("path", "patient", "label", "score", "flagged", "p_value", "doubtful")
_RATIOS = ("precision", "recall", "f1", "specificity", "accuracy", "false_positive_rate")


def metrics_json(contents: Contents) -> dict[str, Json]:
    """Every number, null for what cannot be said, and the evaluation itself under `result`."""
    return to_json(contents, _summary(contents))


def _summary(contents: Contents) -> dict[str, Json]:
    return {
        "opening": " ".join(opening(contents)),
        "title": contents.title,
        "statement": contents.statement,
        "careful": list(contents.careful),
        "facts": dict(contents.facts),
        "detectors": list(contents.detectors),
        "threshold": number(contents.threshold),
        "guarantee": contents.guarantee,
        "are_patients_known": contents.are_patients_known,
        "calibration_check": _agreement(contents.agreement),
        "metrics": {
            row.key: {
                "name": row.name,
                "all_labels": _estimates(contents.detectors, row.all_labels),
                "without_doubtful": _estimates(contents.detectors, row.undoubted),
            }
            for row in contents.metrics
        },
        "shortcuts": shortcuts_json(contents.shortcuts),
        "thresholds": [_threshold(row) for row in contents.thresholds],
        "false_positives_by_patient": _patients(contents),
        "training": {
            "loss": [number(loss) for loss in contents.training.loss],
            "held_out_loss": [number(loss) for loss in contents.training.held_out_loss],
            "best_epoch": contents.training.best_epoch,
            "variance_explained": number(contents.training.variance_explained),
            "is_under_trained": contents.training.is_under_trained,
        },
    }


def _agreement(found: Agreement) -> dict[str, Json]:
    """Whether healthy test cells confirm the threshold; null for what is not known."""
    return {
        "calibration": found.calibration,
        "calibration_groups": found.calibration_groups,
        "test": found.test,
        "test_groups": found.test_groups,
        "ks_distance": number(found.distance),
        "ks_p_value": number(found.distance_p_value),
        "scores_differ": found.scores_differ,
        "flagged": found.flagged,
        "false_positive_rate": number(found.rate),
        "promised": number(found.promised),
        "by_chance": [number(found.by_chance.low), number(found.by_chance.high)],
        "rate_p_value": number(found.rate_p_value),
        "rate_differs": found.rate_differs,
        "rank": found.rank,
        "deciding_groups": found.deciding,
        "rate_of_new": [number(found.new_cells.low), number(found.new_cells.high)],
        "few_decide": found.few_decide,
    }


def scores_csv(contents: Contents) -> str:
    """One line a test cell; `flagged` and `doubtful` are true or false, a missing number is empty."""
    return csv_text(_COLUMNS, _lines(contents))


def _lines(contents: Contents) -> Iterator[tuple[str, ...]]:
    cells = contents.cells
    columns = (
        cells.names,
        cells.patients,
        cells.labels,
        cells.scores,
        cells.flagged,
        cells.p_values,
        cells.doubtful,
    )
    for name, patient, label, score, flagged, p_value, doubtful in zip(*columns, strict=True):
        yield (
            str(name),
            str(patient),
            str(int(label)),
            _text(score),
            str(bool(flagged)).lower(),
            _text(p_value),
            str(bool(doubtful)).lower(),
        )


def _text(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value))


def _estimates(detectors: tuple[str, ...], estimates: tuple[Estimate, ...]) -> Json:
    return {name: interval(estimate) for name, estimate in zip(detectors, estimates, strict=bool(estimates))}


def _threshold(row: ThresholdRow) -> Json:
    counts = {name: value for name, value in asdict(row).items() if name != "tuned"}
    tuned = {"tuned": _tuned(row)} if row.is_tuned else {}
    return {**counts, "threshold": number(row.threshold), **_ratios(row), **tuned}


def _tuned(row: ThresholdRow) -> Json:
    """The figures on the tuning cells, and what those that chose the threshold promise too much."""
    tuned, apparent = row.tuned, row.tuned.apparent
    return {
        "patients": tuned.patients,
        "folds": tuned.folds,
        "repeats": tuned.repeats,
        "apparent": {**asdict(apparent), **_ratios(apparent)},
        "nested": {**asdict(tuned.nested), **_ratios(tuned.nested)} if tuned.folds else None,
        "optimism": _differences(apparent, tuned.nested) if tuned.folds else None,
        "apparent_minus_test": _differences(apparent, row),
        "why_not_nested": tuned.why_not,
    }


def _ratios(counts: Shares) -> dict[str, Json]:
    return {name: number(getattr(counts, name)) for name in _RATIOS}


def _differences(one: Shares, other: Shares) -> Json:
    return {name: number(getattr(one, name) - getattr(other, name)) for name in _RATIOS}


def _patients(contents: Contents) -> Json:
    table = contents.patients
    return [
        {"patient": str(name), "healthy": int(healthy), "flagged": int(flagged)}
        for name, healthy, flagged in zip(table.patients, table.healthy, table.flagged, strict=True)
    ]
