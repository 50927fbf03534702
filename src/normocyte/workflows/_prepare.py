"""Reads and prepares the cells of a data set for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import Batch, Labels, Names, Record, Sample, Source
from normocyte.images.reading import read
from normocyte.pipeline.member import Steps, prepare_views
from normocyte.pipeline.pipeline import stacked
from normocyte.workflows._workers import over_chunks

MOST_UNREADABLE = 0.02
_SHOWN = 5


@dataclass(frozen=True)
class PreparedCells:
    """The cells that could be prepared, a batch a view, patient and label of each (n,), others' faults."""

    batches: tuple[Batch, ...]
    patients: Names
    labels: Labels
    faults: tuple[str, ...]

    @property
    def batch(self) -> Batch:
        """The cells as the first view shows them."""
        return self.batches[0]


@dataclass(frozen=True)
class _Prepare:
    views: tuple[Steps, ...]

    def __call__(self, sources: Sequence[Source]) -> list[tuple[Sample, ...] | str]:
        return [self._one(source) for source in sources]

    def _one(self, source: Source) -> tuple[Sample, ...] | str:
        try:
            return prepare_views(self.views, read(source))
        except ImageError as error:
            return str(error)


def prepared_cells(
    views: tuple[Steps, ...], records: Sequence[Record], progress: Progress, task: str
) -> PreparedCells:
    """All cells of these records in each view; DatasetError when more than 2 % of them cannot be used."""
    progress.begin(task, len(records))
    sources = [record.source for record in records]
    results = [result for chunk in over_chunks(_Prepare(views), sources, progress) for result in chunk]
    faults = tuple(result for result in results if isinstance(result, str))
    if len(faults) > MOST_UNREADABLE * len(records):
        raise DatasetError(
            f"{len(faults)} of {len(records)} images cannot be used, more than {MOST_UNREADABLE:.0%}: "
            f"{' '.join(faults[:_SHOWN])} Mend or remove them (see normocyte data check)."
        )
    samples = [result for result in results if not isinstance(result, str)]
    kept = [record for record, result in zip(records, results, strict=True) if not isinstance(result, str)]
    patients = np.array([record.patient for record in kept], np.str_)
    labels = np.array([record.label for record in kept], np.int8)
    return PreparedCells(stacked(samples), patients, labels, faults)
