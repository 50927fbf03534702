"""Reads and prepares the cells of a data set for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import Batch, Labels, Names, Record, Sample, Source
from normocyte.images.reading import read
from normocyte.pipeline.pipeline import prepare, stack
from normocyte.preprocessing._base import Step
from normocyte.workflows._workers import over_chunks

MOST_UNREADABLE = 0.02
_SHOWN = 5


@dataclass(frozen=True)
class PreparedCells:
    """The cells that could be prepared, patient and label of each (n,), and the faults of the others."""

    batch: Batch
    patients: Names
    labels: Labels
    faults: tuple[str, ...]


@dataclass(frozen=True)
class _Prepare:
    steps: tuple[Step, ...]

    def __call__(self, sources: Sequence[Source]) -> list[Sample | str]:
        return [self._one(source) for source in sources]

    def _one(self, source: Source) -> Sample | str:
        try:
            return prepare(self.steps, read(source))
        except ImageError as error:
            return str(error)


def prepared_cells(
    steps: tuple[Step, ...], records: Sequence[Record], progress: Progress, task: str
) -> PreparedCells:
    """All cells of these records after the steps; DatasetError when more than 2 % of them cannot be used."""
    progress.begin(task, len(records))
    sources = [record.source for record in records]
    results = [result for chunk in over_chunks(_Prepare(steps), sources, progress) for result in chunk]
    faults = tuple(result for result in results if isinstance(result, str))
    if len(faults) > MOST_UNREADABLE * len(records):
        raise DatasetError(
            f"{len(faults)} of {len(records)} images cannot be used, more than {MOST_UNREADABLE:.0%}: "
            f"{' '.join(faults[:_SHOWN])} Mend or remove them (see normocyte data check)."
        )
    samples = [result for result in results if isinstance(result, Sample)]
    kept = [record for record, result in zip(records, results, strict=True) if isinstance(result, Sample)]
    patients = np.array([record.patient for record in kept], np.str_)
    labels = np.array([record.label for record in kept], np.int8)
    return PreparedCells(stack(samples), patients, labels, faults)
