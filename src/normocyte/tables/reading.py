"""Reads back the rows that `normocyte score` wrote: CSV, JSON lines or Parquet by the ending."""

import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import DatasetError, needs
from normocyte.core.inputs.tables import Column, Faults, read_table
from normocyte.core.inputs.texts import is_workbook, read_text
from normocyte.core.types import Names, Scores
from normocyte.tables.writing import PARQUET

PATH, SCORE, P_VALUE, PICTURE = "path", "score", "p_value", "picture"
_NEEDED = (PATH, SCORE)
_ADVICE = "give a file written by 'normocyte score'"
_FINGERPRINT = re.compile(r"x?[0-9a-f]{32}")

Places = npt.NDArray[np.intp]
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Repeats:
    """Rows (r,) of images that another row shows: `of` is the place of that row among those that count."""

    paths: Names
    files: Names
    scores: Scores
    of: Places

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.paths)


@dataclass(frozen=True)
class Scored:
    """Rows in the order given: paths (n,), the file of each (n,), and columns of numbers, NaN where empty.

    Each image counts once; the other rows of it are `repeats`.
    """

    paths: Names
    files: Names
    columns: dict[str, Scores]
    repeats: Repeats

    def __len__(self) -> int:
        """How many rows count."""
        return len(self.paths)

    @property
    def repeated(self) -> int:
        """How many rows do not count."""
        return len(self.repeats)


@dataclass(frozen=True)
class Rows:
    """Rows in memory as `normocyte score` writes them, each a mapping from column to value, and a name."""

    name: str
    rows: Sequence[Cells]


@dataclass(frozen=True)
class _File:
    """The rows of a file with their numbers, the columns that it has, and what is wrong with it."""

    path: Path
    columns: frozenset[str]
    rows: list[tuple[int, Cells]]
    faults: Faults

    def paths(self) -> list[str]:
        """The path of each row; a fault where there is none."""
        found = [cells.get(PATH) for _, cells in self.rows]
        if not all(type(path) is str and path for path in found):
            self._note_nameless(found)
        return [path if type(path) is str and path.isascii() else _printable(path) for path in found]

    def _note_nameless(self, paths: Sequence[Any]) -> None:
        for (number, _), path in zip(self.rows, paths, strict=True):
            if not isinstance(path, str) or not path:
                self.faults.add(number, f"the path is {path!r}, which names no image")

    def numbers(self, name: str) -> list[float]:
        """A column as numbers; NaN for nothing, and after noting it for what is no finite number."""
        values = [cells.get(name) for _, cells in self.rows]
        return _quick(values) or [
            self._number(number, value, name) for (number, _), value in zip(self.rows, values, strict=True)
        ]

    def _number(self, row: int, value: Any, name: str) -> float:
        if value is None or value == "":
            return math.nan
        try:
            number = math.inf if isinstance(value, bool) else float(value)
        except (ValueError, TypeError, OverflowError):
            number = math.inf
        if math.isinf(number):
            self.faults.add(
                row, f"the {name} is {value!r}, which is no finite number; leave it empty where there is none"
            )
        return number

    def pictures(self) -> list[str]:
        """The fingerprint of each row's picture; empty where there is none, or a program has changed it."""
        if PICTURE not in self.columns:
            return [""] * len(self.rows)
        is_one = _FINGERPRINT.fullmatch
        found = [str(cells.get(PICTURE) or "") for _, cells in self.rows]
        return [picture if is_one(picture) else "" for picture in found]


def read_scored(files: Sequence[Path | Rows], wanted: Sequence[str] = (SCORE, P_VALUE)) -> Scored:
    """The rows of these files, or rows in memory, in order.

    An image that comes again counts where it first has a score. It comes again under its own path, or under
    another one with the same `picture`.

    Of `wanted`, columns that some file lacks are left out, `score` excepted. DatasetError for a file that
    cannot be read, has another ending or lacks path and score, with all rows whose path is missing or in
    which what is wanted is no finite number, and when there are no rows or no scores at all.
    """
    read = [_read(file, wanted) for file in files]
    columns = [name for name in wanted if all(name in one.columns for one in read)]
    paths = np.array([path for one in read for path in one.paths()], np.str_)
    numbers = {
        name: np.array([value for one in read for value in one.numbers(name)], np.float64) for name in columns
    }
    for one in read:
        one.faults.raise_all("Give files as 'normocyte score' wrote them.")
    _check(paths, numbers[SCORE], ", ".join(one.path.name for one in read))
    origin = np.repeat([str(one.path) for one in read], [len(one.rows) for one in read])
    first = _firsts(paths, _alike([picture for one in read for picture in one.pictures()]), numbers[SCORE])
    kept = np.flatnonzero(first == np.arange(len(paths)))
    again = np.flatnonzero(first != np.arange(len(paths)))
    repeats = Repeats(paths[again], origin[again], numbers[SCORE][again], np.searchsorted(kept, first[again]))
    counted = {name: column[kept] for name, column in numbers.items()}
    return Scored(paths[kept], origin[kept], counted, repeats)


def _printable(path: Any) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()


def _quick(values: Sequence[Any]) -> list[float]:
    """The numbers where each value is a finite one or nothing, as is usual; else none."""
    try:
        found = [math.nan if value is None or value == "" else float(value) for value in values]
    except (ValueError, TypeError, OverflowError):
        return []
    is_usual = not any(type(value) is bool for value in values) and not np.isinf(found).any()
    return found if is_usual else []


def _check(paths: Names, scores: Scores, names: str) -> None:
    if not len(paths):
        raise DatasetError(f"There are 0 rows in {names}; give files written by 'normocyte score'.")
    if np.isnan(scores).all():
        raise DatasetError(
            f"None of the {len(paths):,} rows in {names} has a score; check their column 'error'."
        )


def _alike(pictures: list[str]) -> list[str]:
    """The fingerprints; DatasetError where some are of an earlier Normocyte: copies would not be known."""
    kinds = {picture.startswith("x") for picture in pictures if picture}
    if len(kinds) > 1:
        raise DatasetError(
            "Some rows have the fingerprints of an earlier Normocyte in the column picture (without an x), "
            "so that copies among them and the others would not be known. Score their images again, or leave "
            "the column out of every file."
        )
    return pictures


def _firsts(paths: Names, pictures: Sequence[str], scores: Scores) -> Places:
    """For each row the one that counts for its image: the first of this path or picture that has a score."""
    by_path: dict[str, int] = {}
    by_picture: dict[str, int] = {}
    first = list(range(len(paths)))
    named = paths.tolist()
    for place in np.argsort(np.isnan(scores), kind="stable").tolist():
        path, picture = named[place], pictures[place]
        known = [own for own in (by_path.get(path), by_picture.get(picture)) if own is not None]
        first[place] = min(known) if known else place
        by_path.setdefault(path, first[place])
        if picture:
            by_picture.setdefault(picture, first[place])
    return np.array(first, np.intp)


def _read(file: Path | Rows, wanted: Sequence[str]) -> _File:
    read = _in_memory(file) if isinstance(file, Rows) else _in_file(file, wanted)
    missing = [name for name in _NEEDED if name not in read.columns]
    if missing:
        read.faults.raise_all(f"{_ADVICE.capitalize()}.")
        raise DatasetError(
            f"{read.path} has no column {', '.join(missing)}, but {', '.join(sorted(read.columns)) or 'none'}"
            f"; {_ADVICE}."
        )
    return read


def _in_memory(given: Rows) -> _File:
    columns = frozenset(name for row in given.rows for name in row)
    faults = Faults(given.name)
    return _File(Path(given.name), columns or frozenset(_NEEDED), list(enumerate(given.rows, 1)), faults)


def _in_file(file: Path, wanted: Sequence[str]) -> _File:
    ending = ".csv" if is_workbook(file) else file.suffix.lower()
    if ending not in _READERS:
        raise DatasetError(
            f"'{file.name}' ends in '{ending}', which is no format of rows. "
            f"Choose one of: {', '.join(_READERS)}."
        )
    return _READERS[ending](file, wanted)


def _csv(file: Path, wanted: Sequence[str]) -> _File:
    names = dict.fromkeys((*_NEEDED, PICTURE, *wanted))
    columns = [Column(name, is_needed=name in _NEEDED) for name in names]
    table = read_table(file, str(file), columns, _ADVICE, is_exact=True)
    rows: list[tuple[int, Cells]] = [(row.number, row.cells) for row in table.rows]
    if table.delimiter == ";":
        numeric = set(wanted) & set(table.columns)
        rows = [(at, {**cells, **{name: table.plain(cells[name]) for name in numeric}}) for at, cells in rows]
    return _File(file, frozenset(table.columns), rows, table.faults)


def _json_lines(file: Path, _: Sequence[str]) -> _File:
    faults = Faults(str(file))
    rows = list(_objects(read_text(file, str(file)), faults))
    columns = (
        frozenset(name for _, row in rows for name in row) if rows or faults.found else frozenset(_NEEDED)
    )
    return _File(file, columns, rows, faults)


def _objects(text: str, faults: Faults) -> Iterator[tuple[int, Cells]]:
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.add(number, f"it is no JSON: {error}")
            continue
        if isinstance(content, dict):
            yield number, content
        else:
            faults.add(number, "it is no JSON object")


def _parquet(file: Path, wanted: Sequence[str]) -> _File:
    parquet = needs("pyarrow.parquet", "parquet")
    try:
        table = parquet.read_table(file)
        found = [name for name in dict.fromkeys((*_NEEDED, PICTURE, *wanted)) if name in table.column_names]
        rows = list(enumerate(table.select(found).to_pylist(), start=1))
    except FileNotFoundError as error:
        raise DatasetError(f"{file} cannot be read: {error.strerror or error}. Check the path.") from error
    except (OSError, ValueError, NotImplementedError, KeyError, TypeError) as error:
        raise DatasetError(f"{file} is no Parquet file that can be read: {error}; {_ADVICE}.") from error
    return _File(file, frozenset(table.column_names), rows, Faults(str(file)))


_READERS: dict[str, Callable[[Path, Sequence[str]], _File]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    PARQUET: _parquet,
}
