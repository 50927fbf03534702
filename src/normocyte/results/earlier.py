"""The rows of a study that an earlier call has finished, whichever Normocyte wrote its file."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from normocyte.core.errors import DatasetError
from normocyte.results.codec import codec_for
from normocyte.results.json import from_json, read_content
from normocyte.results.study import Study, StudyRow

NAME = "study.json"
_SCHEMA_2 = 2
_NAMES_2 = {
    "name": "smear",
    "usable": "usable_photos",
    "confirmed": "parasites_seen",
    "input_digest": "made_of",
}
"""What the fields of a row were called in a file of schema 2."""


def finished(folder: Path) -> dict[str, StudyRow]:
    """The rows of an earlier study in this folder, by the digest of what they depend on; empty for none.

    Files of schema 2 are read, too. Those of schema 1 hold decisions that no longer exist: nothing is kept.
    """
    try:
        rows = _rows(read_content(folder / NAME))
    except DatasetError:  # there is none, or none that could be gone on with
        return {}
    return {row.input_digest: row for row in rows if row.input_digest}


def _rows(content: Any) -> tuple[StudyRow, ...]:
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA_2:
        return from_json(Study, content).rows
    rows = content.get("smears")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DatasetError(f"The smears are {rows!r}, but must be a list of objects.")
    return tuple(_row(row, f"smears[{at}]") for at, row in enumerate(rows))


def _row(told: dict[str, Any], where: str) -> StudyRow:
    names = {item.name: _NAMES_2.get(item.name, item.name) for item in fields(StudyRow)}
    known = {name: told[old] for name, old in names.items() if old in told}
    row: StudyRow = codec_for(StudyRow).read(known, where)
    return row
