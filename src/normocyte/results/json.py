"""Results as JSON with a schema version, and back to an equal object; the rows of an earlier study, too.

A file holds `schema`, `kind`, what a reader of numbers wants on top, and under `result` the whole object.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from normocyte.core.errors import DatasetError
from normocyte.core.files import json_text, write_text
from normocyte.results.codec import codec_for
from normocyte.results.comparison import Comparison
from normocyte.results.evaluation import Contents
from normocyte.results.monitoring import Monitored
from normocyte.results.scalars import Codec, Json
from normocyte.results.smear import Smear
from normocyte.results.study import Study, StudyRow

Result = TypeVar("Result", Smear, Study, Contents, Comparison, Monitored)

RESULT = "result"
STUDY_FILE = "study.json"
_STUDY_SCHEMA_2 = 2
_STUDY_NAMES_2 = {
    "name": "smear",
    "usable": "usable_photos",
    "confirmed": "parasites_seen",
    "input_digest": "made_of",
}
"""What the fields of a row were called in a file of schema 2."""


@dataclass(frozen=True)
class _Kind:
    """What a kind of result is called in a file, and the version of its schema."""

    name: str
    schema: int


_KINDS: dict[type, _Kind] = {
    Smear: _Kind("smear", 3),
    Study: _Kind("study", 3),
    Contents: _Kind("evaluation", 5),
    Comparison: _Kind("comparison", 3),
    Monitored: _Kind("monitoring", 2),
}


def to_json(result: Result, summary: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """The result as JSON: `schema`, `kind`, then the `summary` for readers, and the object under `result`.

    Pictures (masks, photos, maps) are not written, only their shapes: they are files of their own.
    """
    kind = _KINDS[type(result)]
    written = _codec(type(result)).write(result)
    return {"schema": kind.schema, "kind": kind.name, **(summary or {}), RESULT: written}


def from_json(kind: type[Result], content: Any, where: str = "This") -> Result:
    """The result that `to_json` wrote, equal to it; the summary is not read.

    Raises DatasetError for another kind or schema, and for what is missing, unknown or of a wrong type, with
    its place. `where` names the source in such a message.
    """
    known = _KINDS[kind]
    if not isinstance(content, dict) or content.get("kind", known.name) != known.name:
        raise DatasetError(f"{where} holds no result of the kind '{known.name}'; give another file.")
    if content.get("schema") != known.schema:
        raise DatasetError(
            f"{where} is of schema {content.get('schema')!r}, but this Normocyte reads schema {known.schema} "
            f"of the kind '{known.name}'. Update Normocyte, or make the file again with this one."
        )
    found: Result = _codec(kind).read(content.get(RESULT), f"{where}: {RESULT}")
    return found


def _codec(kind: Any) -> Codec:
    return codec_for(kind)


def write_result(path: Path, content: dict[str, Json]) -> None:
    """Write what `to_json` gave: the summary to be read by people, the object in one line; atomically."""
    head = json_text({name: value for name, value in content.items() if name != RESULT}).removesuffix("\n}")
    line = json.dumps(content[RESULT], allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    write_text(path, f'{head},\n  "{RESULT}": {line}\n}}\n')


def read_result(kind: type[Result], path: Path) -> Result:
    """The result in a file; DatasetError, with the file's name, where there is none."""
    return from_json(kind, read_content(path), path.name)


def read_content(path: Path) -> Any:
    """The JSON in a file; DatasetError where it cannot be read or is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read as JSON: {error}. Check the path.") from error


def finished(folder: Path) -> dict[str, StudyRow]:
    """The rows of an earlier study in this folder, by the digest of what they depend on; empty for none.

    Files of schema 2 are read, too. Those of schema 1 hold decisions that no longer exist: nothing is kept.
    """
    try:
        rows = _study_rows(read_content(folder / STUDY_FILE))
    except DatasetError:  # there is none, or none that could be gone on with
        return {}
    return {row.input_digest: row for row in rows if row.input_digest}


def _study_rows(content: Any) -> tuple[StudyRow, ...]:
    if not isinstance(content, dict) or content.get("schema") != _STUDY_SCHEMA_2:
        return from_json(Study, content).rows
    rows = content.get("smears")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DatasetError(f"The smears are {rows!r}, but must be a list of objects.")
    return tuple(_study_row(row, f"smears[{at}]") for at, row in enumerate(rows))


def _study_row(told: dict[str, Any], where: str) -> StudyRow:
    names = {item.name: _STUDY_NAMES_2.get(item.name, item.name) for item in fields(StudyRow)}
    known = {name: told[old] for name, old in names.items() if old in told}
    row: StudyRow = codec_for(StudyRow).read(known, where)
    return row
