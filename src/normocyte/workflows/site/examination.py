"""Looks at each of a site's healthy cells once: everything that calibrating takes from its pixels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from normocyte.cell_checks.gate import Gate, Measures, joined, ringing
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import DatasetError
from normocyte.core.progress import Progress
from normocyte.core.types import UNKNOWN_PATIENT, Names, Record, Scores, Source, Table
from normocyte.datasets.cohort.cohort import Copies, copies_among
from normocyte.engine.pool import over_chunks, read_all
from normocyte.images.fingerprints import fingerprint
from normocyte.pipeline.neighbours import looks
from normocyte.pipeline.pipeline import NAN, Pipeline
from normocyte.results.verdict import Cause, CauseCode
from normocyte.wording.causes import sentence

MOST_REFUSED = 0.1


def _nothing() -> Table:
    return np.empty(0)


@dataclass(frozen=True)
class Seen:
    """What one look at a cell found: why it cannot be read, or else the rest, by `is_read`.

    That is why it cannot be assessed whatever a gate says, its fingerprint, its score, its looks (3,), what
    the gate describes of it (measures,), and where a gate is to learn the same of a lossy copy.
    """

    cause: Cause | None = None
    fingerprint: str = ""
    score: float = NAN
    looks: Table = field(default_factory=_nothing)
    described: Table = field(default_factory=_nothing)
    lossy: Table = field(default_factory=_nothing)

    @property
    def is_read(self) -> bool:
        """True where there are pixels."""
        return bool(self.fingerprint)


@dataclass(frozen=True)
class Examination:
    """What was seen of each record, behind which gate."""

    gate: Gate
    cells: tuple[tuple[Record, Seen], ...]

    @property
    def copies(self) -> Copies:
        """The records that show a picture which another one shows."""
        groups: dict[str, list[Record]] = defaultdict(list)
        for record, seen in self.cells:
            if seen.is_read:
                groups[seen.fingerprint].append(record)
        return copies_among([group for group in groups.values() if len(group) > 1], len(self.cells))

    def without(self, copies: Copies) -> Examination:
        """The same of the records that count."""
        return replace(self, cells=tuple(one for one in self.cells if one[0].source not in copies.extra))

    def taught(self) -> Gate:
        """A gate with the same checks that has learnt from these cells alone.

        TrainingError when fewer than 10 can be read. Cells of unknown patients count as those of one.
        """
        own = replace(self.gate)
        patients = {record.patient for record, _ in self.cells} - {UNKNOWN_PATIENT}
        readable = [seen for _, seen in self.cells if seen.is_read]
        described, lossy = (
            self._measures([getattr(seen, key) for seen in readable]) for key in ("described", "lossy")
        )
        own.learn(joined([described, ringing(lossy)]), max(1, len(patients)))
        return own

    def admitted(self, gate: Gate) -> Admitted:
        """The cells that may calibrate behind this gate, and why the others may not."""
        described = self._measures([seen.described for _, seen in self.cells if seen.is_read])
        refusals = iter(gate.causes_of(described) if described else ())
        causes = [(next(refusals, None) if seen.is_read else None) or seen.cause for _, seen in self.cells]
        kept = [one for one, cause in zip(self.cells, causes, strict=True) if not cause]
        said = [
            (cause, f"{record.source}: {sentence(cause)}")
            for (record, _), cause in zip(self.cells, causes, strict=True)
            if cause
        ]
        measures = self._measures([seen.described for _, seen in kept])
        return Admitted(
            tuple(record for record, _ in kept),
            np.array([seen.score for _, seen in kept], np.float64),
            np.array([seen.looks for _, seen in kept], np.float64).reshape(len(kept), 3),
            gate.named(measures),
            tuple(text for _, text in said),
            tuple(text for cause, text in said if cause.is_refusal),
        )

    def _measures(self, rows: Sequence[Table]) -> Measures:
        """The rows (n, measures) as columns by name; nothing without checks."""
        if not self.gate.checks:
            return {}
        names = self.gate.columns
        return dict(zip(names, np.array(rows, np.float32).reshape(len(rows), len(names)).T, strict=True))


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
                f"The cell checks were set from the pictures in {where} and refuse {len(refused)} "
                f"of these {given} all the same, the first: {refused[0]}. They are too different to be "
                "healthy cells in one stain; leave out what is none."
            )
        raise DatasetError(
            f"The cell checks of the bundle refuse {len(refused)} of {given} pictures in {where}, the "
            f"first: {refused[0]}. If they are healthy cells in another stain or from another camera, give "
            "`new_stain=True`, and the checks are set from them too; else leave them out."
        )


@dataclass(frozen=True)
class _LookAt:
    pipeline: Pipeline
    gate: Gate
    is_teaching: bool

    def __call__(self, sources: Sequence[Source]) -> list[Seen]:
        images, faults = read_all(sources)
        if not images:
            return [_unread(faults[source]) for source in sources]
        described = _rows(self.gate.described(images), len(images))
        lossy = _rows(self.gate.lossy(images) if self.is_teaching else {}, len(images))
        own = looks(Thumbnails.of(images))
        columns = zip(images, self.pipeline.verdicts(images), own, described, lossy, strict=True)
        found = iter([Seen(one.cause, fingerprint(image), one.score, *rest) for image, one, *rest in columns])
        return [_unread(faults[source]) if source in faults else next(found) for source in sources]


def examine_once(
    pipeline: Pipeline,
    records: Sequence[Record],
    is_teaching: bool,
    progress: Progress,
    title: str = "Examining healthy cells",
) -> Examination:
    """Decode and score each cell once, whatever the pipeline's gate says; `is_teaching`: a gate learns."""
    progress.begin(title, len(records))
    task = _LookAt(replace(pipeline, gate=Gate()), pipeline.gate, is_teaching)
    chunks = over_chunks(task, [record.source for record in records], progress)
    seen = [one for chunk in chunks for one in chunk]
    return Examination(pipeline.gate, tuple(zip(records, seen, strict=True)))


def _unread(fault: str) -> Seen:
    return Seen(Cause(CauseCode.NOT_READ, detail=fault))


def _rows(described: Measures, cells: int) -> Table:
    """What a gate described of so many cells, (cells, measures)."""
    return np.stack(list(described.values()), axis=1) if described else np.empty((cells, 0))
