"""The CSV file of a split; it names images by their place in the set, so it fits when the set has moved."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path

from normocyte.core.files import csv_text, write_text
from normocyte.core.names.hidden import shown
from normocyte.core.types import Part, Record

COLUMNS = ("path", "label", "patient", "group", "part")


def write(path: Path, records: Sequence[Record], parts: Sequence[Part]) -> None:
    """Write one row an image: path,label,patient,group,part."""
    rows = [
        (place, record.label, record.patient, record.group, part)
        for place, record, part in zip(places(records), records, parts, strict=True)
    ]
    write_text(path, csv_text(COLUMNS, rows))


def places(records: Sequence[Record]) -> list[str]:
    """Where each image stands in the set: its path without what all share; the same zipped and unpacked."""
    paths = [
        posixpath.join(record.source.path.as_posix(), record.source.member).rstrip("/") for record in records
    ]
    folders = {posixpath.dirname(path) for path in paths}
    mixed = len({posixpath.isabs(folder) for folder in folders}) > 1
    common = "" if mixed or not folders else posixpath.commonpath(folders)
    return [shown(posixpath.relpath(path, common) if common else path) for path in paths]
