"""The CSV file of a split; it names images by their place in the set, so it fits when the set has moved."""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Sequence
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.files import write_text
from normocyte.core.names import shown
from normocyte.core.types import Part, Record
from normocyte.datasets._checks import first

COLUMNS = ("path", "label", "patient", "group", "part")


def write(path: Path, records: Sequence[Record], parts: Sequence[Part]) -> None:
    """Write one row an image: path,label,patient,group,part."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for place, record, part in zip(places(records), records, parts, strict=True):
        table.writerow([place, record.label, record.patient, record.group, part])
    write_text(path, text.getvalue())


def read_parts(path: Path, records: Sequence[Record]) -> list[Part]:
    """The part of each record; DatasetError with rows that do not fit and records that have no row."""
    rows = _rows(path)
    known = dict(zip(places(records), records, strict=True))
    faults = [
        *(fault for line, row in rows for fault in _row_faults(line, row, known)),
        *_repeated([row["path"] for _, row in rows]),
    ]
    parts = {row["path"]: row["part"] for _, row in rows}
    faults.extend(f"'{place}' has no row" for place in known if place not in parts)
    if faults:
        raise DatasetError(
            f"The split {path} does not fit the data, {len(faults)} times: {first(faults, '; ')}. "
            "Correct the file, or remove it to split anew."
        )
    return [Part(parts[place]) for place in known]


def places(records: Sequence[Record]) -> list[str]:
    """Where each image stands in the set: its path without what all share; the same zipped and unpacked."""
    paths = [
        posixpath.join(record.source.path.as_posix(), record.source.member).rstrip("/") for record in records
    ]
    folders = {posixpath.dirname(path) for path in paths}
    mixed = len({posixpath.isabs(folder) for folder in folders}) > 1
    common = "" if mixed or not folders else posixpath.commonpath(folders)
    return [shown(posixpath.relpath(path, common) if common else path) for path in paths]


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, restval="")
            rows = [(table.line_num, row) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"Cannot read the split {path}: {error}. Check the path.") from error
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        raise DatasetError(f"The split {path} lacks the columns {', '.join(missing)}; add them.")
    return rows


def _row_faults(line: int, row: dict[str, str], known: dict[str, Record]) -> list[str]:
    record = known.get(row["path"])
    if record is None:
        return [f"row {line}: the data hold no '{row['path']}'"]
    wanted = {"label": str(record.label), "patient": shown(record.patient)}
    faults = [
        f"row {line}: {name} is '{row[name]}' but '{value}' in the data"
        for name, value in wanted.items()
        if row[name] != value
    ]
    if row["part"] not in list(Part):
        faults.append(f"row {line}: part '{row['part']}' is none of {', '.join(Part)}")
    return faults


def _repeated(names: list[str]) -> list[str]:
    seen: set[str] = set()
    twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    return [f"'{name}' has two rows" for name in twice]
