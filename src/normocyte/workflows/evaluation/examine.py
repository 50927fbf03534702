"""Scores the cells that an evaluation may look at, with bundle and baseline, decoding each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.stored import StoredImage
from normocyte.core.progress import Progress
from normocyte.core.types import (
    ANOMALY,
    HEALTHY,
    UNKNOWN_PATIENT,
    Labels,
    Names,
    Part,
    Record,
    Scores,
    Source,
    Table,
)
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.pool import over_chunks, read_all, read_all_stored
from normocyte.engine.shortcuts.beside import shortcuts_beside
from normocyte.engine.shortcuts.measured import Learnt, Measured, Measures, measured
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.shortcuts import Shortcuts
from normocyte.results.verdict import Cause, CauseCode
from normocyte.wording.causes import sentence


@dataclass(frozen=True)
class Chosen:
    """The records of each part that may be looked at, and a sentence on how they were chosen.

    `learnt_from`: the healthy ones that the bundle has learnt from, where they are at hand.
    """

    test: tuple[Record, ...]
    tuning: tuple[Record, ...]
    calibration: tuple[Record, ...]
    note: str
    learnt_from: tuple[Record, ...] = ()


def choose(bundle: Bundle, cohort: Cohort, has_new_patients: bool) -> Chosen:
    """Which records may be tested on: never those of a patient that the bundle was made with, nor copies.

    `has_new_patients` says that patients of the same name as those of its training are other people; those of
    a set that a site has calibrated it on are never judged. DatasetError when nothing is left.
    """
    is_its_own = cohort.fingerprint == bundle.facts.data_fingerprint and not has_new_patients
    if not is_its_own:
        _check_same_patients(bundle, cohort)
    chosen = (
        _of_its_own_set(bundle, cohort.records)
        if is_its_own
        else _of_another_set(bundle, cohort.records, has_new_patients)
    )
    test, tuning, calibration, learnt_from = map(
        cohort.copies.once, (chosen.test, chosen.tuning, chosen.calibration, chosen.learnt_from)
    )
    return Chosen(test, tuning, calibration, chosen.note, learnt_from)


NEW = "Only cells of patients whose names are not in the bundle are judged; images were not compared"
NEW_OF_UNKNOWN = (
    "Only cells at other places than those the bundle was made with are judged; images were not compared"
)


def _check_same_patients(bundle: Bundle, cohort: Cohort) -> None:
    """DatasetError for the images that it learnt from, under other patients: who is new would be unknown."""
    facts = bundle.facts
    if cohort.cells_fingerprint != facts.cells_fingerprint or cohort.patients_by == facts.patients_by:
        return
    before = f"were: {facts.patients_by}" if facts.patients_by else "are those that the set names"
    raise DatasetError(
        f"The bundle was made from these {len(cohort.records):,} images, and its patients {before}. Give "
        "`patients` as in training, so that only cells it has not seen are judged."
    )


def _of_another_set(bundle: Bundle, records: Sequence[Record], has_new_patients: bool) -> Chosen:
    """All records but those of patients whom the bundle knows."""
    trained_with = frozenset() if has_new_patients else _made_with(bundle)
    left = tuple(record for record in records if record.patient not in trained_with | _site_patients(bundle))
    out = len(records) - len(left)
    if not left:
        advice = (
            "Give cells of patients whom it was not calibrated on."
            if has_new_patients
            else "If they are other persons, give `new_patients=True`."
        )
        raise DatasetError(
            f"All {len(records)} cells are of patients whose names the bundle was made with. {advice}"
        )
    if bundle.facts.are_patients_known:
        return Chosen(left, (), (), NEW + _left_out(out) + _unknown(bundle))
    return Chosen(left, (), (), NEW_OF_UNKNOWN + _left_out(out, "at those places") + _unknown(bundle))


def _of_its_own_set(bundle: Bundle, records: Sequence[Record]) -> Chosen:
    """The test patients of the set that it was trained on, but for those it was calibrated on later."""
    facts, at_site = bundle.facts, _site_patients(bundle)
    test = _of(records, facts.patients(Part.TEST))
    left = tuple(record for record in test if record.patient not in at_site)
    if not left:
        raise DatasetError(
            f"The bundle was made from this set of {len(records)} cells and left 0 patients for testing. "
            "Give cells of other patients, or judge its recipe with normocyte compare."
        )
    healthy = _healthy_of(records, _first_calibration(bundle))
    learnt_from = [_healthy_of(records, facts.patients(part)) for part in (Part.TRAIN, Part.HELD_OUT)]
    who = "patients" if facts.are_patients_known else "cells"
    note = f"The set is the one the bundle was made from; only its test {who} are judged" + _left_out(
        len(test) - len(left)
    )
    tuning = _of(records, facts.patients(Part.TUNING))
    return Chosen(left, tuning, healthy, note + _unknown(bundle), (*learnt_from[0], *learnt_from[1]))


def _made_with(bundle: Bundle) -> frozenset[str]:
    """Whom it was trained, stopped, tuned and first calibrated on: patients of the training set."""
    return bundle.facts.patients(Part.TRAIN, Part.HELD_OUT, Part.TUNING) | _first_calibration(bundle)


def _first_calibration(bundle: Bundle) -> frozenset[str]:
    """The calibration patients of the training set, also where a later calibration took their place."""
    if not bundle.facts.calibrated_on.is_another_set:
        return bundle.facts.patients(Part.CALIBRATION)
    return frozenset().union(*(past.patients for past in bundle.history if not past.origin.is_another_set))


def _site_patients(bundle: Bundle) -> frozenset[str]:
    """Whom sites have calibrated it on, now and before, as far as they are known by name."""
    if not bundle.facts.calibrated_on.is_another_set:
        return frozenset()
    before = (past.patients for past in bundle.history if past.origin.is_another_set)
    return bundle.facts.patients(Part.CALIBRATION).union(*before)


def _left_out(cells: int, which: str = "of patients with known names") -> str:
    return f"; {cells} cells {which} were left out." if cells else "."


def _unknown(bundle: Bundle) -> str:
    """A warning where nobody can tell who the calibration cells are of."""
    facts = bundle.facts
    if not facts.calibrated_on.is_another_set or facts.patients(Part.CALIBRATION):
        return ""
    return " Whose the calibration cells are is unknown: see to it that they are of other patients."


def _healthy_of(records: Sequence[Record], patients: frozenset[str]) -> tuple[Record, ...]:
    return tuple(record for record in _of(records, patients) if record.label == HEALTHY)


def _of(records: Sequence[Record], patients: frozenset[str]) -> tuple[Record, ...]:
    return tuple(record for record in records if record.patient in patients)


@dataclass(frozen=True)
class Examined:
    """Cells with a score from every pipeline.

    Records (n), labels (n,), patients (n,), scores (n, pipelines). `faults` says of each other cell which it
    is and why it has no score, and `unjudged_anomalies` says so of the anomalous ones alone. `measured` are
    the numbers of each cell that shortcut baselines look at, or nothing where these were not asked for.
    """

    records: tuple[Record, ...]
    labels: Labels
    patients: Names
    scores: Table
    faults: tuple[str, ...]
    measured: tuple[Measured, ...] = ()
    unjudged_anomalies: tuple[str, ...] = ()

    def of_unknown(self) -> Examined:
        """The same cells, as those of nobody known."""
        nobody = np.full(len(self.records), UNKNOWN_PATIENT)
        records = tuple(replace(record, patient=UNKNOWN_PATIENT) for record in self.records)
        return replace(self, records=records, patients=nobody)

    def of(self, pipeline: int) -> Scores:
        """The scores of one pipeline, (n,)."""
        return self.scores[:, pipeline]

    def shortcuts(self, learnt: Learnt) -> Shortcuts:
        """The shortcut baselines beside the first pipeline."""
        return shortcuts_beside(self.of(0), Measures(self.labels, self.patients, self.measured, learnt))


@dataclass(frozen=True)
class _Row:
    """What is known of one cell: a score from each pipeline, why there is none, and its numbers."""

    scores: list[float]
    cause: Cause | None
    measured: Measured = ()


@dataclass(frozen=True)
class _ScoreAll:
    pipelines: tuple[Pipeline, ...]
    has_measures: bool

    def __call__(self, chunk: Sequence[Source]) -> list[_Row]:
        stored, faults = self._read(chunk)
        verdicts = [pipeline.verdicts([image.pixels for image in stored]) for pipeline in self.pipelines]
        rows = iter(
            [
                _Row([one.score for one in row], next((one.cause for one in row if one.cause), None), numbers)
                for row, numbers in zip(zip(*verdicts, strict=True), self._measured(stored), strict=True)
            ]
        )
        nothing = [float("nan")] * len(self.pipelines)
        unread = {source: Cause(CauseCode.NOT_READ, detail=fault) for source, fault in faults.items()}
        return [_Row(nothing, unread[source]) if source in unread else next(rows) for source in chunk]

    def _read(self, chunk: Sequence[Source]) -> tuple[list[StoredImage], dict[Source, str]]:
        if self.has_measures:
            return read_all_stored(chunk)
        images, faults = read_all(chunk)
        return [StoredImage(image) for image in images], faults

    def _measured(self, stored: Sequence[StoredImage]) -> list[Measured]:
        return measured(stored) if self.has_measures else [()] * len(stored)


def examine(
    pipelines: tuple[Pipeline, ...],
    records: Sequence[Record],
    progress: Progress,
    task: str,
    *,
    has_measures: bool = False,
) -> Examined:
    """Score these records; a cell that any of the pipelines cannot assess is left out of all and listed.

    Without a pipeline there is nothing to look at, so no record is. `has_measures` takes the numbers for the
    shortcut baselines from the same files.
    """
    records = records if pipelines else ()
    if records:
        progress.begin(task, len(records))
    sources = [record.source for record in records]
    task_of = _ScoreAll(pipelines, has_measures)
    rows = [row for chunk in over_chunks(task_of, sources, progress) for row in chunk]
    scores = np.array([row.scores for row in rows], np.float64).reshape(len(rows), len(pipelines))
    usable = np.atleast_1d(np.isfinite(scores).all(axis=1))
    faults = [
        (record, _fault(record, row.cause)) for record, row in zip(records, rows, strict=True) if row.cause
    ]
    kept = [(record, row) for record, row, is_usable in zip(records, rows, usable, strict=True) if is_usable]
    return Examined(
        tuple(record for record, _ in kept),
        np.array([record.label for record, _ in kept], np.int8),
        np.array([record.patient for record, _ in kept], np.str_),
        scores[usable],
        tuple(fault for _, fault in faults),
        tuple(row.measured for _, row in kept) if has_measures else (),
        tuple(fault for record, fault in faults if record.label == ANOMALY),
    )


def _fault(record: Record, cause: Cause) -> str:
    """Which cell it is, and why it has no score."""
    return f"{record.source}: {sentence(cause)}"
