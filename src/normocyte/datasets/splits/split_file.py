"""The CSV file of a split; it names images by their place in the set, so it fits when the set has moved."""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Sequence
from pathlib import Path

from normocyte.core.files import write_text
from normocyte.core.inputs.tables import Column, Row, read_table
from normocyte.core.names.hidden import shown
from normocyte.core.types import Part, Record

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
    columns = [Column(name) for name in COLUMNS]
    table = read_table(path, f"The split {path}", columns, "add them", is_exact=True)
    known = dict(zip(places(records), records, strict=True))
    parts: dict[str, str] = {}
    for row in table.rows:
        table.faults.add(row.number, *_row_faults(row, known))
        if row["path"] in parts:
            table.faults.add(row.number, f"'{row['path']}' has two rows")
        parts[row["path"]] = row["part"]
    table.faults.found.extend(f"'{place}' has no row" for place in known if place not in parts)
    table.faults.raise_all("Correct the file, or remove it to split anew.")
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


def _row_faults(row: Row, known: dict[str, Record]) -> list[str]:
    record = known.get(row["path"])
    if record is None:
        return [f"the data hold no '{row['path']}'"]
    wanted = {"label": str(record.label), "patient": shown(record.patient)}
    faults = [
        f"{name} is '{row[name]}' but '{value}' in the data"
        for name, value in wanted.items()
        if row[name] != value
    ]
    if row["part"] not in list(Part):
        faults.append(f"part '{row['part']}' is none of {', '.join(Part)}")
    return faults
