"""Cells of a site after the steps of a recipe, chosen by the fields that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.types import HEALTHY, Batch, Labels, Names, Record
from normocyte.pipeline.member import Steps
from normocyte.workflows.training.prepare import PreparedCells, prepared_cells
from studies.kit.common import Lines
from studies.kit.fields import STAGES


@dataclass(frozen=True)
class Cells:
    """All cells in each view of a recipe, with label, field and stage of each, (n,)."""

    batches: tuple[Batch, ...]
    labels: Labels
    fields: Names
    stages: Names

    @classmethod
    def prepared(cls, views: tuple[Steps, ...], records: Sequence[Record]) -> Cells:
        """The cells of these records that can be assessed, healthy ones first."""
        kinds = ("", *STAGES)
        by_kind = [[record for record in records if record.group == kind] for kind in kinds]
        found = [
            prepared_cells(views, own, Lines(), kind or "healthy")
            for kind, own in zip(kinds, by_kind, strict=True)
        ]
        return cls(
            tuple(joined(own) for own in zip(*(cells.batches for cells in found), strict=True)),
            np.concatenate([own.labels for own in found]),
            np.concatenate([own.patients for own in found]),
            np.repeat(kinds, [len(own.labels) for own in found]),
        )

    def of(self, fields: frozenset[str], with_infected: bool) -> Cells:
        """The cells of these fields, with the infected ones or without."""
        is_there = np.isin(self.fields, sorted(fields)) & (with_infected | (self.labels == HEALTHY))
        rows = np.flatnonzero(is_there)
        batches = tuple(batch.take(rows) for batch in self.batches)
        return Cells(batches, self.labels[rows], self.fields[rows], self.stages[rows])

    def to_learn_from(self) -> PreparedCells:
        """The same cells as a training takes them."""
        return PreparedCells(self.batches, self.fields, self.labels, ())


def joined(batches: Sequence[Batch]) -> Batch:
    """Several batches as one."""
    return Batch(
        np.concatenate([batch.pixels for batch in batches]),
        np.concatenate([batch.masks for batch in batches]),
    )
