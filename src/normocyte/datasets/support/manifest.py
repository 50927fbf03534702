"""Reads a manifest, a table of path, label, patient and group, and reports all of its faults at once."""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from normocyte.core.errors import ConfigError
from normocyte.core.inputs import zips
from normocyte.core.inputs.dicom import frames_of, is_dicom
from normocyte.core.inputs.stacks.stacks import is_volume, items
from normocyte.core.inputs.tables import NOBODY, Column, Row, Table, read_table, table_of
from normocyte.core.names.hidden import as_stored
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Record, Source
from normocyte.datasets.support.elsewhere import column_of
from normocyte.datasets.support.patients import named

HEALTHY_LABELS = ("0", "healthy", "normal", "uninfected", "negative")
ANOMALY_LABELS = (
    "1",
    "anomaly",
    "anomalous",
    "abnormal",
    "infected",
    "parasitized",
    "parasitised",
    "positive",
)
LABELS = dict.fromkeys(HEALTHY_LABELS, HEALTHY) | dict.fromkeys(ANOMALY_LABELS, ANOMALY)
_SAID = f"{', '.join(HEALTHY_LABELS)}, or {', '.join(ANOMALY_LABELS)}"
_PATHS = ("file", "filename", "filepath", "image", "imagename", "imagepath")
COLUMNS = (
    Column("path", _PATHS),
    Column("label", ("class",)),
    Column("patient", ("patientid", "patientname", "subject", "subjectid")),
    Column("group", is_needed=False),
)
_UNNAMED = "leave out the column patient and give the patients with `patients`, as `patients='unknown'`"
_ADVICE = f"give the columns path, label, patient and, if you like, group; or {_UNNAMED}"
_PATIENT = "patient"
_IN_ZIP = re.compile(r"(.*?\.zip)!(.+)", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]+\.0")
_WINDOWS = re.compile(r"[a-zA-Z]:[\\/]|\\\\")


@dataclass
class _Reader:
    """Turns rows into records and says what is wrong with them."""

    base: Path
    names_patients: bool = True
    whose: str = "patient"
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    members: dict[Path, frozenset[str]] = field(default_factory=dict)

    def record(self, row: Row) -> Record:
        """The record of a row, whatever is wrong with it."""
        label = LABELS.get(_label(row["label"]), HEALTHY)
        group = "" if row["group"].lower() in NOBODY else row["group"]
        patient = _patient(row[self.whose]) if self.names_patients else UNKNOWN_PATIENT
        return Record(self.source(row["path"]), label, patient, group)

    def path_faults(self, row: Row) -> Iterator[str]:
        """What is wrong with the path of a row."""
        yield from self._source_faults(self.source(row["path"]), row["path"], row.number)

    def faults(self, row: Row, source: Source) -> Iterator[str]:
        """What is wrong with a row."""
        yield from self._source_faults(source, row["path"], row.number)
        if _label(row["label"]) not in LABELS:
            yield f"label '{row['label']}' is none of {_SAID}"
        if not self.names_patients:
            return
        if not row[self.whose]:
            yield "the patient is missing"
        elif row[self.whose].lower() in NOBODY:
            yield f"the patient is '{row[self.whose]}', which is not a name"

    def source(self, text: str) -> Source:
        """Where an image lies, also where its path is written otherwise than here."""
        found = self._source(text)
        if "\\" not in text or self._exists(found):
            return found
        others = (self._source(one) for one in _other_spellings(text))
        return next(filter(self._exists, others), found)

    def _source(self, text: str) -> Source:
        inside = _IN_ZIP.fullmatch(text) if "!" in text else None
        if inside and not _is_file(self.base / text):
            return Source(self._path(inside[1]), posixpath.normpath(inside[2]))
        return Source(self._path(text))

    def _path(self, text: str) -> Path:
        path = self.base / text
        return _without_detours(path) if ".." in text else path

    def _source_faults(self, source: Source, text: str, number: int) -> Iterator[str]:
        if not text:
            yield "the path is missing"
        elif not self._exists(source):
            foreign = _WINDOWS.match(text) and os.name != "nt"
            yield f"there is no file '{text}'" + (
                ", which is a path of a Windows computer: write it relative to the manifest"
                if foreign
                else ""
            )
        else:
            other = self.seen.setdefault(self._identity(source), number)
            if other != number:
                yield f"'{text}' is in row {other} already"

    def _identity(self, source: Source) -> tuple[str, str]:
        """The same for every way to write the path of one image."""
        folder, name = os.path.split(source.path)
        if folder not in self.folders:
            self.folders[folder] = os.path.realpath(folder)
        return f"{self.folders[folder]}/{name}", source.member

    def _exists(self, source: Source) -> bool:
        if not source.member:
            return _is_file(source.path)
        if source.path not in self.members:
            there = _is_file(source.path)
            self.members[source.path] = frozenset(zips.members(source.path) if there else ())
        return source.member in self.members[source.path]


def read_manifest(manifest: Path, base: Path, patients: str = "") -> list[Record]:
    """The records of a manifest whose paths are relative to `base`; DatasetError with all faults and rows.

    Columns stand between commas, semicolons or tabs. A path into a zip is `cells.zip!folder/cell.png`. With
    `patients`, a word or a regular expression, the table names no patient; ConfigError where it does. As
    `column:NAME` these say which column of the table names them.
    """
    table = read_table(manifest, str(manifest), _columns(patients), _ADVICE)
    return _records(table, base, patients)


def images_in(manifest: Path) -> list[Source]:
    """The images that a manifest names in its column path, in order; labels and patients may be missing."""
    table = read_table(manifest, str(manifest), COLUMNS[:1], "give a column path")
    reader = _Reader(manifest.parent)
    sources = [reader.source(row["path"]) for row in table.rows]
    for row in table.rows:
        table.faults.add(row.number, *reader.path_faults(row))
    table.faults.raise_all()
    return [one for source in sources for one in _pictures(source)]


def parse_manifest(text: str, what: str, base: Path, patients: str = "") -> list[Record]:
    """The same from text, called `what` in messages."""
    return _records(table_of(text, what, _columns(patients), _ADVICE), base, patients)


def _columns(patients: str) -> tuple[Column, ...]:
    column = column_of(patients)
    if column:
        return tuple(Column(column) if one.name == _PATIENT else one for one in COLUMNS)
    return tuple(
        replace(one, is_needed=False) if one.name == _PATIENT and patients else one for one in COLUMNS
    )


def _records(table: Table, base: Path, patients: str) -> list[Record]:
    whose = column_of(patients)
    patients = "" if whose else patients
    if patients:
        _check_unnamed(table, patients)
    reader = _Reader(base, names_patients=not patients, whose=whose or _PATIENT)
    records = []
    for row in table.rows:
        records.append(reader.record(row))
        table.faults.add(row.number, *reader.faults(row, records[-1].source))
    is_unnamed = any(row[reader.whose].lower() in NOBODY for row in table.rows)
    table.faults.raise_all(f"Where no patient is known, {_UNNAMED}." if is_unnamed and not patients else "")
    if not patients:
        return list(_each_picture(records))
    places = [PurePosixPath(row["path"].replace("\\", "/").replace("!", "/")) for row in table.rows]
    placed = [(record.source, place) for record, place in zip(records, places, strict=True)]
    names = named(placed, patients, Path(table.faults.what))
    return list(
        _each_picture(replace(record, patient=name) for record, name in zip(records, names, strict=True))
    )


def _each_picture(records: Iterable[Record]) -> Iterator[Record]:
    """The records, in place of a volume or a DICOM of several frames one for each picture in it."""
    for record in records:
        yield from (replace(record, source=one) for one in _pictures(record.source))


def _pictures(source: Source) -> tuple[Source, ...]:
    if is_volume(source.name) and not source.member:
        return items(source.path)
    return frames_of(source) if is_dicom(source) else (source,)


def _check_unnamed(table: Table, patients: str) -> None:
    if any(row[_PATIENT].lower() not in NOBODY for row in table.rows):
        raise ConfigError(
            f"{table.faults.what} names its patients itself; leave out `patients` ('{patients}'), or "
            f"its column '{_PATIENT}'."
        )


def _label(text: str) -> str:
    """A label as it stands in `LABELS`; spreadsheets and programs write 1 as 1.0, too."""
    plain = text.lower()
    return plain.removesuffix(".0") if plain in {"0.0", "1.0"} else plain


def _other_spellings(text: str) -> tuple[str, ...]:
    """What a path with backslashes may stand for: bytes that are no UTF-8, or folders, as on Windows."""
    return as_stored(text), text.replace("\\", "/")


def _patient(text: str) -> str:
    """A patient's name; a number is the same with and without the `.0` that programs add to whole columns."""
    return text.removesuffix(".0") if _WHOLE.fullmatch(text) else text


def _without_detours(path: Path) -> Path:
    """The path without `..` and `.`, where that is the same file."""
    plain = Path(os.path.normpath(path))
    return plain if _is_same(plain, path) else path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file system takes
        return False


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
