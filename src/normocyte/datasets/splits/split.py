"""Splits a set by patient into train, held out, calibration, tuning and test."""

import enum
import math
import posixpath
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.fields import Declared, described
from normocyte.core.files import csv_text, write_text
from normocyte.core.names.hidden import shown
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Part, Record
from normocyte.datasets.splits.assignment import HEALTHY_PARTS, Assignment, Patient
from normocyte.datasets.support.checks import first

_TOLERANCE = 1e-6
_COLUMNS = ("path", "label", "patient", "group", "part")


class Protocol(enum.StrEnum):
    """Who may teach: every patient's healthy cells, or only patients in whom no anomaly was found."""

    MIXED = "mixed"
    CLEAN_PATIENTS = "clean_patients"


@dataclass(frozen=True)
class Fractions(Declared):
    """The share of cells in each part; they sum to 1, and only tuning and test may be 0."""

    train: float = described(0.45, "share to learn from", above=0, at_most=1)
    held_out: float = described(0.05, "share that decides when to stop", above=0, at_most=1)
    calibration: float = described(0.15, "share for the threshold", above=0, at_most=1)
    tuning: float = described(0.10, "share for thresholds with labels", at_least=0, at_most=1)
    test: float = described(0.25, "share to evaluate with", at_least=0, at_most=1)

    def __post_init__(self) -> None:
        """Refuse shares that are not the whole."""
        super().__post_init__()
        total = math.fsum(self.by_part().values())
        if abs(total - 1) > _TOLERANCE:
            raise ConfigError(f"The fractions of the split must be 1 together, not {total:g}.")

    def by_part(self) -> dict[Part, float]:
        """The share of each part."""
        return {Part(field.name): getattr(self, field.name) for field in fields(self)}

    def without_labels(self) -> Self:
        """The shares where no cell is anomalous: tuning and test have nothing to do, the others share all."""
        rest = self.train + self.held_out + self.calibration
        train, calibration = self.train / rest, self.calibration / rest
        return type(self)(train, 1 - train - calibration, calibration, tuning=0.0, test=0.0)


@dataclass(frozen=True)
class Split:
    """Every record of a set and the part in which it stands; a known patient stands in one part alone."""

    records: tuple[Record, ...]
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        self.check()

    def part(self, part: Part) -> list[Record]:
        """The records of one part, in the order of the set."""
        return [record for record, own in zip(self.records, self.parts, strict=True) if own is part]

    def check(self) -> None:
        """DatasetError when a patient stands in two parts, left_out aside, or an anomaly where none may."""
        standing = defaultdict(set)
        for record, part in zip(self.records, self.parts, strict=True):
            if part is not Part.LEFT_OUT and record.patient != UNKNOWN_PATIENT:
                standing[record.patient].add(part)
        torn = [f"{name} ({', '.join(sorted(own))})" for name, own in standing.items() if len(own) > 1]
        if torn:
            raise DatasetError(
                f"{len(torn)} patients are in two parts of the split: {first(torn)}. "
                "Move all cells of a patient into one part."
            )
        self._check_healthy_parts()

    def _check_healthy_parts(self) -> None:
        wrong = Counter(
            part
            for record, part in zip(self.records, self.parts, strict=True)
            if part in HEALTHY_PARTS and record.label == ANOMALY
        )
        if wrong:
            counts = ", ".join(f"{count} in {part}" for part, count in wrong.items())
            raise DatasetError(f"Anomalies are among what must be healthy: {counts}. Make them left_out.")

    def save(self, path: Path) -> None:
        """Write the split as CSV: path,label,patient,group,part; a path is the place in the set."""
        rows = [
            (place, record.label, record.patient, record.group, part)
            for place, record, part in zip(places(self.records), self.records, self.parts, strict=True)
        ]
        write_text(path, csv_text(_COLUMNS, rows))


def places(records: Sequence[Record]) -> list[str]:
    """Where each image stands in the set: its path without what all share; the same zipped and unpacked."""
    paths = [
        posixpath.join(record.source.path.as_posix(), record.source.member).rstrip("/") for record in records
    ]
    folders = {posixpath.dirname(path) for path in paths}
    mixed = len({posixpath.isabs(folder) for folder in folders}) > 1
    common = "" if mixed or not folders else posixpath.commonpath(folders)
    return [shown(posixpath.relpath(path, common) if common else path) for path in paths]


def split(records: Sequence[Record], fractions: Fractions, seed: int, protocol: str = "mixed") -> Split:
    """Split whole patients by seed so that the counts of cells come close to the fractions.

    Anomalies of patients whose healthy cells teach are left out. With the protocol "clean_patients",
    these three parts come only from patients in whom no anomaly was found; test and tuning get their shares
    of such patients too, and all others. DatasetError when there are too few patients.
    """
    clean_only = _protocol(protocol) is Protocol.CLEAN_PATIENTS
    assignment = Assignment(_patients(records), fractions.by_part(), clean_only)
    parts = assignment.run(generator(seed, "split"))
    return Split(tuple(records), tuple(_part(record, parts[record.patient]) for record in records))


def _protocol(name: str) -> Protocol:
    try:
        return Protocol(name)
    except ValueError as error:
        raise ConfigError(
            f"There is no protocol called '{name}'. Choose one of: {', '.join(Protocol)}."
        ) from error


def _patients(records: Sequence[Record]) -> list[Patient]:
    """Sorted by name, so that the order of the records does not change the split."""
    counts = Counter((record.patient, record.label) for record in records)
    names = sorted({record.patient for record in records})
    return [Patient(name, counts[name, HEALTHY], counts[name, ANOMALY]) for name in names]


def _part(record: Record, part: Part) -> Part:
    return Part.LEFT_OUT if record.label == ANOMALY and part in HEALTHY_PARTS else part
