"""Results as DataFrames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from normocyte.core.types import Estimate
from normocyte.tables.writing import COLUMNS, FLAGGED, QUALITY, Row
from normocyte.wording.causes import sentence, sentences

if TYPE_CHECKING:
    from normocyte.results.comparison import Comparison
    from normocyte.results.evaluation import Contents
    from normocyte.results.smear import PhotoResult


def scores_table(rows: Sequence[Row], measures: Sequence[str] = ()) -> pd.DataFrame:
    """One row an image: path, score, flagged, p_value, verdict, error, picture, cause, and measures."""
    columns = {name: [row.value(name) for row in rows] for name in COLUMNS}
    columns["cause"] = [str(row.cause.code) if row.cause else "" for row in rows]
    columns |= {name: [row.value(name) for row in rows] for name in measures if name.startswith(QUALITY)}
    return pd.DataFrame(columns).astype({"score": np.float64, "p_value": np.float64, FLAGGED: "boolean"})


def cells_table(photos: Iterable[PhotoResult]) -> pd.DataFrame:
    """One row a thing that was found in the photos, as `cells.csv` holds them."""
    rows = [
        {
            "photo": photo.name,
            "number": number,
            "x": one.cell.x,
            "y": one.cell.y,
            "width": one.cell.width,
            "height": one.cell.height,
            "kind": str(one.cell.kind),
            "certainty": one.cell.certainty,
            "is_counted": one.is_counted,
            FLAGGED: one.is_flagged if one.is_counted else None,
            "verdict": str(one.verdict.outcome),
            "score": one.verdict.score,
            "p_value": one.verdict.p_value,
            "cause": str(one.verdict.cause.code) if one.verdict.cause else "",
            "error": sentence(one.verdict.cause),
            "seen": one.seen,
        }
        for photo in photos
        for number, one in enumerate(photo.detections, start=1)
    ]
    table = pd.DataFrame(rows)
    return table.astype({FLAGGED: "boolean"}) if rows else table


def photos_table(photos: Iterable[PhotoResult]) -> pd.DataFrame:
    """One row a photo: its grade, how many cells count and are flagged, and what is to be said of it."""
    rows = [
        {
            "photo": photo.name,
            "grade": str(photo.grade),
            "cells": photo.cells,
            "flagged": photo.flagged,
            "diameter_px": photo.diameter_px,
            "remarks": " ".join(sentences(photo.causes)),
        }
        for photo in photos
    ]
    return pd.DataFrame(rows)


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def metrics_table(contents: Contents) -> pd.DataFrame:
    """One row a metric, detector and set of labels: value with its 95 % interval over patients."""
    rows = [
        {"metric": row.key, "name": row.name, "detector": detector, "labels": labels, **_estimate(estimate)}
        for row in contents.metrics
        for labels, estimates in (("all", row.all_labels), ("without doubtful", row.undoubted))
        for detector, estimate in zip(contents.detectors, estimates, strict=False)
    ]
    return pd.DataFrame(rows)


def test_cells_table(contents: Contents) -> pd.DataFrame:
    """One row a test cell: path, patient, label (1 is the anomaly), score, p_value, flagged, doubtful."""
    cells = contents.cells
    return pd.DataFrame(
        {
            "path": cells.names,
            "patient": cells.patients,
            "label": cells.labels,
            "score": cells.scores,
            "p_value": cells.p_values,
            "flagged": cells.flagged,
            "doubtful": cells.doubtful,
        }
    )


def thresholds_table(contents: Contents) -> pd.DataFrame:
    """One row a rule for the threshold, with what it gives on the test cells."""
    rows = [
        {
            "rule": row.rule,
            "threshold": row.threshold,
            "labels_used": row.uses_labels,
            "in_use": row.is_in_use,
            "precision": row.precision,
            "recall": row.recall,
            "f1": row.f1,
            "specificity": row.specificity,
            "accuracy": row.accuracy,
        }
        for row in contents.thresholds
    ]
    return pd.DataFrame(rows)


def comparison_table(contents: Comparison) -> pd.DataFrame:
    """One row a configuration: each metric's mean over seeds with its interval, costs, or the failure."""
    rows = []
    for row in contents.rows:
        line: dict[str, object] = {"configuration": row.name, "failure": row.failure}
        for metric, measured in zip(contents.metrics, row.all_labels, strict=False):
            line |= {metric.key: measured.estimate.value}
            line |= {f"{metric.key}_low": measured.estimate.low, f"{metric.key}_high": measured.estimate.high}
        line |= {"training_s": row.costs.training_s, "ms_per_cell": row.costs.ms_per_cell}
        rows.append(line)
    return pd.DataFrame(rows)
