"""Reads a CSV manifest, path,label,patient[,group], and reports all of its faults at once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from normocyte.core import zips
from normocyte.core.errors import DatasetError
from normocyte.core.names import as_stored
from normocyte.core.types import ANOMALY, HEALTHY, Record, Source
from normocyte.datasets._checks import first

LABELS = {
    "0": HEALTHY,
    "healthy": HEALTHY,
    "normal": HEALTHY,
    "1": ANOMALY,
    "anomaly": ANOMALY,
    "abnormal": ANOMALY,
}
_NEEDED = ("path", "label", "patient")
_IN_ZIP = ".zip!"


@dataclass
class _Reader:
    """Turns rows into records and gathers what is wrong with them."""

    base: Path
    faults: list[str] = field(default_factory=list)
    seen: dict[Source, int] = field(default_factory=dict)
    members: dict[Path, frozenset[str]] = field(default_factory=dict)

    def record(self, row: dict[str, str], line: int) -> Record:
        """The record of one row; whatever is wrong with it is noted."""
        source = self._source(row["path"])
        faults = [
            *self._source_faults(source, row["path"], line),
            *(
                []
                if row["label"].lower() in LABELS
                else [f"label '{row['label']}' is none of {', '.join(LABELS)}"]
            ),
            *([] if row["patient"] else ["the patient is missing"]),
        ]
        self.faults.extend(f"row {line}: {fault}" for fault in faults)
        return Record(source, LABELS.get(row["label"].lower(), HEALTHY), row["patient"], row.get("group", ""))

    def _source(self, text: str) -> Source:
        found = self._named(text)
        return found if self._exists(found) else self._named(as_stored(text))

    def _named(self, text: str) -> Source:
        archive, bang, member = text.partition(_IN_ZIP)
        return Source(self.base / f"{archive}.zip", member) if bang else Source(self.base / text)

    def _source_faults(self, source: Source, text: str, line: int) -> list[str]:
        if not self._exists(source):
            return [f"there is no file '{text}'"]
        other = self.seen.setdefault(source, line)
        return [] if other == line else [f"'{text}' stands in row {other} already"]

    def _exists(self, source: Source) -> bool:
        if not source.member:
            return source.path.is_file()
        if source.path not in self.members:
            self.members[source.path] = frozenset(zips.members(source.path))
        return source.member in self.members[source.path]


def read_manifest(manifest: Path, base: Path) -> list[Record]:
    """The records of a manifest whose paths are relative to `base`; DatasetError with all faults and rows.

    A path into a zip is written `cells.zip!folder/cell.png`.
    """
    reader = _Reader(base)
    records = [reader.record(row, line) for line, row in _rows(manifest)]
    if reader.faults:
        raise DatasetError(
            f"{manifest} has {len(reader.faults)} faults to correct: {first(reader.faults, '; ')}."
        )
    return records


def _rows(manifest: Path) -> list[tuple[int, dict[str, str]]]:
    """Line number and trimmed cells of each row."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, restval="", skipinitialspace=True)
            _check_columns(manifest, table.fieldnames or [])
            return [(table.line_num, _trimmed(row)) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"Cannot read the manifest {manifest}: {error}. Save it as UTF-8 CSV.") from error


def _check_columns(manifest: Path, columns: Sequence[str]) -> None:
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise DatasetError(
            f"{manifest} lacks the columns {', '.join(missing)}; its first row is {','.join(columns)!r}. "
            "Make the first row path,label,patient or path,label,patient,group."
        )


def _trimmed(row: dict[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in row.items() if isinstance(value, str)}
