"""Lets a site's own healthy cells pass: the gate that they teach, and how many an older one refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.cell_checks.gate import Gate, Measures, joined
from normocyte.core.errors import DatasetError
from normocyte.core.progress import Progress
from normocyte.core.types import UNKNOWN_PATIENT, Record, Source
from normocyte.engine.decoding import read_all
from normocyte.engine.pool import over_chunks

MOST_REFUSED = 0.1


@dataclass(frozen=True)
class _Measure:
    gate: Gate

    def __call__(self, chunk: Sequence[Source]) -> Measures:
        images, _ = read_all(chunk)
        return self.gate.measures(images)


@dataclass(frozen=True)
class _MeasureToLearn:
    gate: Gate

    def __call__(self, chunk: Sequence[Source]) -> Measures:
        images, _ = read_all(chunk)
        return joined([self.gate.described(images), self.gate.copies(images)])


def measured(gate: Gate, records: Sequence[Record], progress: Progress) -> Measures:
    """What the checks of a gate measure of these cells, (n,) by name; unreadable ones are passed by."""
    if not gate.checks:
        return {}
    progress.begin("Measuring healthy cells", len(records))
    return joined(list(over_chunks(_Measure(gate), [record.source for record in records], progress)))


def own_gate(gate: Gate, records: Sequence[Record], progress: Progress) -> Gate:
    """A gate with the same checks that has learnt from these healthy cells alone.

    Unreadable ones are passed by; TrainingError when fewer than 10 are left. Cells of unknown patients count
    as those of one.
    """
    own = replace(gate)
    patients = {record.patient for record in records} - {UNKNOWN_PATIENT}
    if own.checks:
        progress.begin("Measuring healthy cells", len(records))
        chunks = over_chunks(_MeasureToLearn(own), [record.source for record in records], progress)
        own.learn(joined(list(chunks)), max(1, len(patients)))
    return own


def check_stain(refused: Sequence[str], given: int, where: Path, has_own_gate: bool = False) -> None:
    """DatasetError when the gate refuses more than a tenth of a site's cells: they are of another kind.

    `refused` says of each refused cell which it is and why. `has_own_gate`: the gate has learnt from these
    very cells, so that they are of several kinds.
    """
    if len(refused) <= MOST_REFUSED * given:
        return
    if has_own_gate:
        raise DatasetError(
            f"The checks of quality have learnt from the pictures in {where} and refuse {len(refused)} of "
            f"these {given} all the same, the first: {refused[0]}. They are too different to be healthy "
            "cells in one stain; leave out what is none."
        )
    raise DatasetError(
        f"The bundle's checks of quality refuse {len(refused)} of {given} pictures in {where}, the "
        f"first: {refused[0]}. If they are healthy cells in another stain or from another camera, say so "
        "with `new_stain=True`, and the checks learn from them too; else leave them out."
    )
