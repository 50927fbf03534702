"""Looks at each of a site's healthy cells once: everything that calibrating takes from its pixels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.cell_checks.gate import COMPRESSION, Gate, Measures, joined, ringing
from normocyte.core.arrays import Names, Rows, Scores, Table
from normocyte.core.errors import DatasetError
from normocyte.core.progress import Progress
from normocyte.core.types import UNKNOWN_PATIENT, Record, Source
from normocyte.datasets.cohort.copies import Copies, copies_among
from normocyte.engine.decoding import read_all
from normocyte.engine.pool import over_chunks
from normocyte.images.fingerprints import fingerprint
from normocyte.pipeline.neighbours import looks
from normocyte.pipeline.pipeline import Pipeline

MOST_REFUSED = 0.1


@dataclass(frozen=True)
class Examination:
    """What was found of the records (n): faults of files that cannot be read, and of the others (m) more.

    `rows` (m,) says which records these are. Of each: its fingerprint, why it cannot be assessed whatever the
    gate says, its score, its looks (m, 3), its measures, and where a gate is to learn those of a lossy copy.
    """

    records: tuple[Record, ...]
    faults: tuple[str, ...]
    rows: Rows
    prints: tuple[str, ...]
    reasons: tuple[str, ...]
    scores: Scores
    looks: Table
    measures: Measures
    lossy: Measures

    @property
    def copies(self) -> Copies:
        """The records that show a picture which another one shows."""
        groups: dict[str, list[Record]] = defaultdict(list)
        for row, own in zip(self.rows, self.prints, strict=True):
            groups[own].append(self.records[row])
        return copies_among([group for group in groups.values() if len(group) > 1], len(self.records))

    def without(self, copies: Copies) -> Examination:
        """The same of the records that count."""
        counts = np.array([record.source not in copies.extra for record in self.records], np.bool_)
        kept = np.flatnonzero(counts[self.rows])
        return Examination(
            copies.once(self.records),
            tuple(fault for fault, does in zip(self.faults, counts, strict=True) if does),
            (np.cumsum(counts) - 1)[self.rows[kept]],
            tuple(self.prints[index] for index in kept),
            tuple(self.reasons[index] for index in kept),
            self.scores[kept],
            self.looks[kept],
            _taken(self.measures, kept),
            _taken(self.lossy, kept),
        )

    def taught(self, gate: Gate) -> Gate:
        """A gate with the same checks that has learnt from these cells alone.

        TrainingError when fewer than 10 can be read. Cells of unknown patients count as those of one.
        """
        own = replace(gate)
        patients = {record.patient for record in self.records} - {UNKNOWN_PATIENT}
        if own.checks:
            own.learn(joined([self.measures, ringing(self.lossy)]), max(1, len(patients)))
        return own

    def admitted(self, gate: Gate) -> Admitted:
        """The cells that may calibrate behind this gate, and why the others may not."""
        refusals = gate.reasons_of(self.measures) if gate.checks else [""] * len(self.rows)
        reasons = list(self.faults)
        for row, refusal, reason in zip(self.rows, refusals, self.reasons, strict=True):
            reasons[row] = refusal or reason
        said = [f"{record.source}: {reason}" for record, reason in zip(self.records, reasons, strict=True)]
        kept = np.array([not reasons[row] for row in self.rows], np.bool_)
        return Admitted(
            tuple(self.records[row] for row in self.rows[kept]),
            self.scores[kept],
            self.looks[kept],
            {name: column[kept] for name, column in self.measures.items() if name != COMPRESSION},
            tuple(text for text, reason in zip(said, reasons, strict=True) if reason),
            tuple(said[row] for row, refusal in zip(self.rows, refusals, strict=True) if refusal),
        )


@dataclass(frozen=True)
class Admitted:
    """The cells that may calibrate: records (n), scores (n,), looks (n, 3), measures (n,) by name.

    `faults` says of each other cell why it may not, `refused` of those that the gate refuses.
    """

    records: tuple[Record, ...]
    scores: Scores
    looks: Table
    measures: Measures
    faults: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def patients(self) -> Names:
        """The patient of each cell, (n,)."""
        return np.array([record.patient for record in self.records], np.str_)

    def check_stain(self, given: int, where: Path, has_own_gate: bool = False) -> None:
        """DatasetError when the gate refuses more than a tenth of a site's cells: they are of another kind.

        `has_own_gate`: the gate has learnt from these very cells, so that they are of several kinds.
        """
        refused = self.refused
        if len(refused) <= MOST_REFUSED * given:
            return
        if has_own_gate:
            raise DatasetError(
                f"The checks of quality have learnt from the pictures in {where} and refuse {len(refused)} "
                f"of these {given} all the same, the first: {refused[0]}. They are too different to be "
                "healthy cells in one stain; leave out what is none."
            )
        raise DatasetError(
            f"The bundle's checks of quality refuse {len(refused)} of {given} pictures in {where}, the "
            f"first: {refused[0]}. If they are healthy cells in another stain or from another camera, say "
            "so with `new_stain=True`, and the checks learn from them too; else leave them out."
        )


@dataclass(frozen=True)
class _Seen:
    """What one chunk gives, in the order of its sources."""

    faults: list[str]
    prints: list[str]
    reasons: list[str]
    scores: list[float]
    looks: Table
    measures: Measures
    lossy: Measures


@dataclass(frozen=True)
class _LookAt:
    pipeline: Pipeline
    gate: Gate
    is_teaching: bool

    def __call__(self, sources: Sequence[Source]) -> _Seen:
        images, faults = read_all(sources)
        verdicts = self.pipeline.verdicts(images)
        return _Seen(
            [faults.get(source, "") for source in sources],
            [fingerprint(image) for image in images],
            [verdict.reason for verdict in verdicts],
            [verdict.score for verdict in verdicts],
            looks(images) if images else np.empty((0, 3)),
            self.gate.described(images),
            self.gate.lossy(images) if self.is_teaching else {},
        )


def examine_once(
    pipeline: Pipeline, records: Sequence[Record], is_teaching: bool, progress: Progress
) -> Examination:
    """Decode and score each cell once, whatever the pipeline's gate says; `is_teaching`: a gate learns."""
    progress.begin("Examining healthy cells", len(records))
    task = _LookAt(replace(pipeline, gate=Gate()), pipeline.gate, is_teaching)
    chunks: list[_Seen] = list(over_chunks(task, [record.source for record in records], progress))
    faults = tuple(fault for seen in chunks for fault in seen.faults)
    return Examination(
        tuple(records),
        faults,
        np.array([row for row, fault in enumerate(faults) if not fault], np.intp),
        tuple(one for seen in chunks for one in seen.prints),
        tuple(reason for seen in chunks for reason in seen.reasons),
        np.array([score for seen in chunks for score in seen.scores], np.float64),
        np.concatenate([seen.looks for seen in chunks]) if chunks else np.empty((0, 3)),
        joined([seen.measures for seen in chunks]),
        joined([seen.lossy for seen in chunks]),
    )


def _taken(measures: Measures, rows: Rows) -> Measures:
    return {name: column[rows] for name, column in measures.items()}
