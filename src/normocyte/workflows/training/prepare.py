"""Reads and prepares the cells of a data set for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from normocyte.cell_checks.gate import Gate, Measures, joined
from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import Batch, Image8, Labels, Names, Record, Sample, Source
from normocyte.engine.pool import MOST_UNREADABLE, over_chunks, read_all
from normocyte.pipeline.member import Steps, prepare_views
from normocyte.pipeline.pipeline import stacked

_SHOWN = 5
_UNGATED = Gate()


@dataclass(frozen=True)
class PreparedCells:
    """The cells that could be prepared, a batch a view, patient and label of each (n,), others' faults.

    `measures` is what a gate described of their images, (n,) by name, and `copies` what of lossy copies of
    them, as many as show it.
    """

    batches: tuple[Batch, ...]
    patients: Names
    labels: Labels
    faults: tuple[str, ...]
    measures: Measures = field(default_factory=dict)
    copies: Measures = field(default_factory=dict)

    @property
    def batch(self) -> Batch:
        """The cells as the first view shows them."""
        return self.batches[0]

    def passing(self, gate: Gate) -> PreparedCells:
        """The cells that the gate does not refuse."""
        rows = gate.passing(self.measures, len(self.labels))
        return replace(
            self,
            batches=tuple(batch.take(rows) for batch in self.batches),
            patients=self.patients[rows],
            labels=self.labels[rows],
            measures={name: column[rows] for name, column in self.measures.items()},
        )


Prepared = tuple[list[tuple[Sample, ...] | str], Measures, Measures]
"""For each source its samples or why there are none; what the gate described of those that have some, and of
lossy copies of them."""


@dataclass(frozen=True)
class _Prepare:
    views: tuple[Steps, ...]
    gate: Gate

    def __call__(self, sources: Sequence[Source]) -> Prepared:
        images, faults = read_all(sources)
        made = [self._one(image) for image in images]
        kept = [image for image, result in zip(images, made, strict=True) if not isinstance(result, str)]
        rest = iter(made)
        results = [faults[source] if source in faults else next(rest) for source in sources]
        return results, self.gate.described(kept), self.gate.copies(kept)

    def _one(self, image: Image8) -> tuple[Sample, ...] | str:
        try:
            return prepare_views(self.views, image)
        except ImageError as error:
            return str(error)


def prepared_cells(
    views: tuple[Steps, ...], records: Sequence[Record], progress: Progress, task: str, gate: Gate = _UNGATED
) -> PreparedCells:
    """All cells of these records in each view; DatasetError when more than 2 % of them cannot be used.

    The gate measures their images, but refuses none here.
    """
    progress.begin(task, len(records))
    sources = [record.source for record in records]
    chunks = list(over_chunks(_Prepare(views, gate), sources, progress))
    results = [result for chunk, _, _ in chunks for result in chunk]
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
    measures = joined([measured for _, measured, _ in chunks])
    copies = joined([lossy for _, _, lossy in chunks])
    return PreparedCells(stacked(samples), patients, labels, faults, measures, copies)
