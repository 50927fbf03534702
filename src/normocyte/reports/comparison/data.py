"""The numbers of a comparison for programs: JSON, and CSV with one line a number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict

from normocyte.core.files import csv_text
from normocyte.core.types import Estimate
from normocyte.results.comparison import NAN, NOTHING, Comparison, Costs, Measured, Row
from normocyte.results.json import to_json
from normocyte.results.scalars import Json, interval, number

LABELS = {False: "all_labels", True: "without_doubtful"}
COLUMNS = (
    "configuration",
    "labels",
    "metric",
    "seed",
    "value",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "p_value",
    "p_value_holm",
    "failure",
)
_EMPTY = Measured(NOTHING, ())


def comparison_json(contents: Comparison) -> dict[str, Json]:
    """Every number, null for what cannot be said, and the comparison itself under `result`."""
    return to_json(contents, _summary(contents))


def _summary(contents: Comparison) -> dict[str, Json]:
    return {
        "reference": contents.reference,
        "seeds": contents.seeds,
        "facts": dict(contents.facts),
        "notes": list(contents.notes),
        "metrics": {metric.key: metric.name for metric in contents.metrics},
        "configurations": {row.name: _row(contents, row) for row in contents.rows},
    }


def comparison_csv(contents: Comparison) -> str:
    """One line a number: the metrics (without a seed, the mean over seeds), the costs, the failures."""
    return csv_text(COLUMNS, (line for row in contents.rows for line in _lines(contents, row)))


def _row(contents: Comparison, row: Row) -> Json:
    sets: dict[str, Json] = {
        LABELS[is_undoubted]: {
            metric.key: _measured(one)
            for metric, one in zip(contents.metrics, row.labels(is_undoubted), strict=False)
        }
        for is_undoubted in LABELS
    }
    return {"parts": row.parts, "failure": row.failure, "costs": _costs(row.costs), **sets}


def _costs(costs: Costs) -> Json:
    return {name: number(value) for name, value in asdict(costs).items()}


def _measured(one: Measured) -> Json:
    return {
        **interval(one.estimate),
        "by_seed": [number(value) for value in one.by_seed],
        "difference": interval(one.difference),
        "p_value": number(one.p_value),
        "p_value_holm": number(one.corrected),
    }


def _lines(contents: Comparison, row: Row) -> Iterator[list[str]]:
    if row.failure:
        yield _line((row.name, "", "", ""), _EMPTY, row.failure)
        return
    for is_undoubted, labels in LABELS.items():
        for metric, one in zip(contents.metrics, row.labels(is_undoubted), strict=False):
            yield _line((row.name, labels, metric.key, ""), one)
            for seed, value in enumerate(one.by_seed):
                yield _line((row.name, labels, metric.key, str(seed)), _alone(value))
    for name, value in asdict(row.costs).items():
        yield _line((row.name, "", name, ""), _alone(value))


def _alone(value: float) -> Measured:
    """A number without an interval."""
    return Measured(Estimate(value, NAN, NAN), ())


def _line(place: tuple[str, ...], one: Measured, failure: str = "") -> list[str]:
    numbers = (
        *(one.estimate.value, one.estimate.low, one.estimate.high),
        *(one.difference.value, one.difference.low, one.difference.high),
        *(one.p_value, one.corrected),
    )
    return [*place, *(_text(value) for value in numbers), failure]


def _text(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""
