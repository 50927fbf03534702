"""What healthy calibration cells teach of neighbours: how cells of one photo are compared with each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Record, Scores, Source, Table
from normocyte.engine.pool import over_chunks, read_all
from normocyte.pipeline.neighbours import Neighbours, looks
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.taught import taught


@dataclass(frozen=True)
class _LookAt:
    pipeline: Pipeline

    def __call__(self, sources: Sequence[Source]) -> tuple[Scores, Table]:
        """The score of each picture judged alone, (n,), NaN where there is none, and its looks, (n, 3)."""
        images, faults = read_all(sources)
        rows = [row for row, source in enumerate(sources) if source not in faults]
        scores, table = np.full(len(sources), np.nan), np.zeros((len(sources), 3))
        scores[rows] = [verdict.score for verdict in self.pipeline.verdicts(images)]
        table[rows] = looks(Thumbnails.of(images))
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
