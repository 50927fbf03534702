"""Reads back the rows that `normocyte score` wrote: CSV, JSON lines or Parquet by the ending."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import DatasetError
from normocyte.core.extras import needs
from normocyte.core.types import Names, Scores
from normocyte.workflows._rows import PARQUET

PATH, SCORE, P_VALUE, PICTURE = "path", "score", "p_value", "picture"
_NEEDED = (PATH, SCORE)

Table = dict[str, list[Any]]


@dataclass(frozen=True)
class Scored:
    """Rows in the order given: paths (n,), the file of each (n,), and columns of numbers, NaN where empty."""

    paths: Names
    files: Names
    columns: dict[str, Scores]
    repeated: int = 0

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.paths)


def read_scored(files: Sequence[Path], wanted: Sequence[str] = (SCORE, P_VALUE)) -> Scored:
    """The rows of these files, in order; an image that comes again counts where it came first.

    It comes again under its own path, or under another one with the same `picture`.

    Of `wanted`, columns that some file lacks are left out, `score` excepted. DatasetError for a file that
    cannot be read, has another ending or lacks path and score, for a score that is no finite number, and
    when there are no rows or no scores at all.
    """
    tables = [_read(file) for file in files]
    columns = [name for name in wanted if all(name in table for table in tables)]
    paths = np.array([path for table in tables for path in table[PATH]], np.str_)
    numbers = {
        name: np.concatenate(
            [_numbers(table[name], name, file) for table, file in zip(tables, files, strict=True)]
        )
        for name in columns
    }
    names = ", ".join(file.name for file in files)
    if not len(paths):
        raise DatasetError(f"There are 0 rows in {names}; give files written by 'normocyte score --output'.")
    if np.isnan(numbers[SCORE]).all():
        raise DatasetError(
            f"None of the {len(paths):,} rows in {names} has a score; check their column 'error'."
        )
    origin = np.repeat([str(file) for file in files], [len(table[PATH]) for table in tables])
    kept = _firsts(paths, [value for table in tables for value in _pictures(table)])
    columns_kept = {name: column[kept] for name, column in numbers.items()}
    return Scored(paths[kept], origin[kept], columns_kept, len(paths) - len(kept))


def _pictures(table: Table) -> list[str]:
    """The fingerprint of each row's picture; empty where the file or the row has none."""
    return [value or "" for value in table.get(PICTURE, [""] * len(table[PATH]))]


def _firsts(paths: Names, pictures: Sequence[str]) -> npt.NDArray[np.intp]:
    """The rows whose path and whose picture have not come before."""
    seen: set[str] = set()
    kept = []
    for place, (path, picture) in enumerate(zip(paths.tolist(), pictures, strict=True)):
        keys = {f"path {path}", f"picture {picture}" if picture else f"path {path}"}
        if not keys & seen:
            kept.append(place)
        seen |= keys
    return np.array(kept, np.intp)


def _read(file: Path) -> Table:
    ending = file.suffix.lower()
    if ending not in _READERS:
        raise DatasetError(
            f"'{file.name}' ends in '{ending}', which is no format of rows. "
            f"Choose one of: {', '.join(_READERS)}."
        )
    try:
        table = _READERS[ending](file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(f"Cannot read {file}: {reason}. Check the path.") from error
    except (ValueError, csv.Error) as error:
        raise DatasetError(
            f"{file} is not what 'normocyte score' writes: {error}. Give a file that it wrote."
        ) from error
    missing = [name for name in _NEEDED if name not in table]
    if missing:
        raise DatasetError(
            f"{file} has no column {' and no column '.join(map(repr, missing))}, but "
            f"{', '.join(table) or 'none'}; give a file written by 'normocyte score --output'."
        )
    return table


def _csv(file: Path) -> Table:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        header = next(rows, [])
        body = list(rows)
    odd = next((number for number, row in enumerate(body, start=2) if len(row) != len(header)), 0)
    if odd:
        raise ValueError(f"row {odd} has {len(body[odd - 2])} places where the header has {len(header)}")
    columns = zip(*body, strict=True) if body else ([] for _ in header)
    return {name: list(column) for name, column in zip(header, columns, strict=True)}


def _json_lines(file: Path) -> Table:
    with file.open(encoding="utf-8") as stream:
        rows = [_object(line, number) for number, line in enumerate(stream, start=1) if line.strip()]
    names = list(rows[0]) if rows else list(_NEEDED)
    return {name: [row.get(name) for row in rows] for name in names}


def _object(line: str, number: int) -> dict[str, Any]:
    content = json.loads(line)
    if not isinstance(content, dict):
        raise ValueError(f"line {number} is no JSON object")  # noqa: TRY004 - becomes a DatasetError
    return content


def _parquet(file: Path) -> Table:
    parquet = needs("pyarrow.parquet", "parquet")
    table: Table = parquet.read_table(file).to_pydict()
    return table


_READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    PARQUET: _parquet,
}


def _numbers(values: list[Any], name: str, file: Path) -> Scores:
    """A column as numbers; NaN for nothing. DatasetError for what is no finite number."""
    known = [math.nan if value is None or value == "" else value for value in values]
    try:
        numbers = np.array([float(value) for value in known], np.float64)
    except (ValueError, TypeError):
        return _refused(known, name, file)
    if np.isinf(numbers).any():
        return _refused(known, name, file)
    return numbers


def _refused(values: list[Any], name: str, file: Path) -> Scores:
    bad = next((row, value) for row, value in enumerate(values, start=1) if not _is_number(value))
    raise DatasetError(
        f"{file}: the {name} in row {bad[0]:,} is {bad[1]!r}, which is no finite number; leave it empty "
        "for an image without one."
    )


def _is_number(value: Any) -> bool:
    try:
        return not math.isinf(float(value))
    except (ValueError, TypeError):
        return False
