"""Teaches a pipeline to compare a cell with its neighbours, from healthy cells whose patients are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.arrays import Names, Scores, Table
from normocyte.core.errors import TrainingError
from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Record, Source
from normocyte.engine.decoding import read_all
from normocyte.engine.pool import over_chunks
from normocyte.pipeline.neighbours import Neighbours, looks
from normocyte.pipeline.pipeline import Pipeline


@dataclass(frozen=True)
class _LookAt:
    pipeline: Pipeline

    def __call__(self, sources: Sequence[Source]) -> tuple[Scores, Table]:
        """The score of each picture judged alone, (n,), NaN where there is none, and its looks, (n, 3)."""
        images, faults = read_all(sources)
        rows = [row for row, source in enumerate(sources) if source not in faults]
        scores, table = np.full(len(sources), np.nan), np.zeros((len(sources), 3))
        scores[rows] = [verdict.score for verdict in self.pipeline.verdicts(images)]
        table[rows] = looks(images)
        return scores, table


def with_neighbours(pipeline: Pipeline, records: Sequence[Record], progress: Progress) -> Pipeline:
    """The pipeline with what its healthy calibration cells teach of neighbours; see `taught`."""
    healthy = [record for record in records if record.label == HEALTHY]
    if pipeline.threshold.uses_labels or not healthy:
        return replace(pipeline, neighbours=Neighbours())
    progress.begin("Comparing with neighbours", len(healthy))
    task = _LookAt(replace(pipeline, neighbours=Neighbours()))
    chunks = over_chunks(task, [record.source for record in healthy], progress)
    scores, tables = (np.concatenate(list(parts)) for parts in zip(*chunks, strict=True))
    return taught(pipeline, scores, tables, np.array([record.patient for record in healthy], np.str_))


def taught(pipeline: Pipeline, scores: Scores, tables: Table, patients: Names) -> Pipeline:
    """The pipeline with what healthy calibration cells teach of neighbours, and a cut for fields.

    Of each cell its score when judged alone (n,), NaN where there is none, its looks (n, 3) and its patient.
    Nothing is learnt, and every cell is judged alone, where the rule needs labels, where too few of the cells
    are of known patients with 8 or more, and where the rule refuses these.
    """
    alone = replace(pipeline, neighbours=Neighbours())
    if pipeline.threshold.uses_labels:
        return alone
    learnt = Neighbours()
    learnt.learn(scores, tables, patients)
    try:
        return replace(pipeline, neighbours=learnt.cut_by(pipeline.threshold))
    except TrainingError:
        return alone
