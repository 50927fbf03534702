"""Chooses cells worth looking at and shows what the detector made of them."""

from __future__ import annotations

import numpy as np

from normocyte.core.arrays import Labels, Rows, Scores
from normocyte.core.types import ANOMALY, HEALTHY
from normocyte.images.reading import read
from normocyte.pipeline.heat import HeatScale
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.views import heat_scale, views
from normocyte.results.evaluation import Picture, PictureGroup
from normocyte.workflows.evaluation.examine import Examined

SHOWN = 4


def gallery(pipeline: Pipeline, cells: Examined) -> tuple[PictureGroup, ...]:
    """Typical cells of both kinds (nearest to their median score), the surest finds, the worst mistakes."""
    scores, labels = cells.of(0), cells.labels
    groups = (
        ("Typical healthy cells", _typical(scores, labels, HEALTHY)),
        ("Typical infected cells", _typical(scores, labels, ANOMALY)),
        ("Healthy cells that look most unusual", _extreme(-scores, labels, HEALTHY)),
        ("Infected cells that look most unusual", _extreme(-scores, labels, ANOMALY)),
        ("Infected cells that look most usual", _extreme(scores, labels, ANOMALY)),
    )
    scale = heat_scale(pipeline)
    return tuple(
        PictureGroup(title, _pictures(pipeline, scale, cells, rows)) for title, rows in groups if len(rows)
    )


def _typical(scores: Scores, labels: Labels, label: int) -> Rows:
    rows = np.flatnonzero(labels == label)
    if not len(rows):
        return rows
    distance = np.abs(scores[rows] - np.median(scores[rows]))
    return rows[np.argsort(distance, kind="stable")[:SHOWN]]


def _extreme(rising: Scores, labels: Labels, label: int) -> Rows:
    rows = np.flatnonzero(labels == label)
    return rows[np.argsort(rising[rows], kind="stable")[:SHOWN]]


def _pictures(pipeline: Pipeline, scale: HeatScale, cells: Examined, rows: Rows) -> tuple[Picture, ...]:
    records = [cells.records[row] for row in rows]
    images = [read(record.source) for record in records]
    shown = views(pipeline, scale, images, [pipeline.prepare(image) for image in images])
    scores = cells.of(0)[rows].tolist()
    return tuple(
        Picture(view, record.source.name, record.patient, record.label, score)
        for view, record, score in zip(shown, records, scores, strict=True)
    )
