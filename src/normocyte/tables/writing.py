"""Rows of scored images and the files they are written to: CSV, JSON lines or Parquet by the ending."""

from __future__ import annotations

import csv
import json
import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from normocyte.core.errors import NormocyteError, OutputError, needs
from normocyte.core.files import replacing
from normocyte.core.names.hidden import shown
from normocyte.results.verdict import Cause, CauseCode, Outcome, Verdict
from normocyte.tables.arrow_columns import arrow_table
from normocyte.wording.causes import sentence

NAN = float("nan")
QUALITY = "quality_"
"""How the name of a column begins that holds a measure of the gate."""
FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Row:
    """One scored image; `cause` is why it has no score, `map` names its picture where one was asked for.

    `quality` is what the gate measured of it, by name, where that was asked for. `picture` is a fingerprint
    of its pixels, the same for copies, and empty where it cannot be read.
    """

    path: str
    score: float
    flagged: bool
    p_value: float
    verdict: str
    cause: Cause | None = None
    map: str = ""
    quality: dict[str, float] = field(default_factory=dict)
    picture: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is made: half the time of what `dataclass` does, and rows travel from process to process."""
        values = self.path, self.score, self.flagged, self.p_value, self.verdict, self.cause
        return type(self), (*values, self.map, self.quality, self.picture)

    @property
    def error(self) -> str:
        """Why it has no score, in words; empty where it has one."""
        return sentence(self.cause)

    def value(self, column: str) -> Any:
        """What stands in a column; NaN for a measure that was not taken, None for flags without a verdict."""
        if column == FLAGGED and self.cause:
            return None
        if column.startswith(QUALITY):
            return self.quality.get(column.removeprefix(QUALITY), NAN)
        return getattr(self, column)

    @classmethod
    def of(cls, path: str, verdict: Verdict) -> Row:
        """The row of a verdict."""
        outcome = str(verdict.outcome)
        return cls(shown(path), verdict.score, verdict.is_flagged, verdict.p_value, outcome, verdict.cause)

    @classmethod
    def failed(cls, path: str, error: str) -> Row:
        """The row of an image that could not be read."""
        cause = Cause(CauseCode.NOT_READ, detail=shown(error))
        return cls(shown(path), NAN, False, NAN, str(Outcome.NOT_ASSESSABLE), cause)


Columns = tuple[str, ...]

WITH_MAP: Columns = ("path", "score", "flagged", "p_value", "verdict", "error", "picture", "map")
COLUMNS: Columns = WITH_MAP[:-1]


class RowWriter(ABC):
    """Takes rows one by one.

    The file appears whole when the block ends, or holds the rows so far when the work was stopped.
    """

    def __init__(self, place: str, columns: Columns) -> None:
        self.place = place
        self.columns = columns
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Open what is written to."""
        with ExitStack() as stack:  # so that a fault while opening meets what was opened before it
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    @abstractmethod
    def _open(self, stack: ExitStack) -> None:
        """Open what is written to, and leave the closing to the stack."""

    @abstractmethod
    def write(self, row: Row) -> None:
        """Write one row."""

    @abstractmethod
    def finish(self) -> None:
        """Write what is held back until the end."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what was written, after a fault of ours too; anything else leaves nothing."""
        if error is None or isinstance(error, NormocyteError):
            with self._stack:
                self.finish()
        else:
            self._stack.__exit__(kind, error, trace)


Encode = Callable[[TextIO, Columns], Callable[[Row], Any]]


class TextRows(RowWriter):
    """CSV or JSON lines, in a file or on an open stream."""

    def __init__(self, place: str, columns: Columns, encode: Encode, stream: TextIO | None) -> None:
        super().__init__(place, columns)
        self._encode = encode
        self._stream = stream

    def _open(self, stack: ExitStack) -> None:
        if self._stream is None:
            temporary = stack.enter_context(replacing(Path(self.place)))
            self._stream = stack.enter_context(temporary.open("w", encoding="utf-8", newline=""))
        self._write = self._encode(self._stream, self.columns)

    def write(self, row: Row) -> None:
        self._write(row)

    def finish(self) -> None:
        if self._stream:
            self._stream.flush()


class ParquetRows(RowWriter):
    """A Parquet file, written in groups of rows."""

    def __init__(self, place: str, columns: Columns) -> None:
        super().__init__(place, columns)
        self._arrow = needs("pyarrow", "parquet")
        self._parquet = needs("pyarrow.parquet", "parquet")
        self._rows: list[dict[str, Any]] = []

    def _open(self, stack: ExitStack) -> None:
        text, number = self._arrow.string(), self._arrow.float64()
        kinds = {"path": text, "score": number, "flagged": self._arrow.bool_(), "p_value": number}
        self._schema = self._arrow.schema(
            [(name, number if name.startswith(QUALITY) else kinds.get(name, text)) for name in self.columns]
        )
        temporary = stack.enter_context(replacing(Path(self.place)))
        self._file = stack.enter_context(self._parquet.ParquetWriter(temporary, self._schema))

    def write(self, row: Row) -> None:
        self._rows.append(_without_nan(row, self.columns))
        if len(self._rows) >= 2**14:
            self.finish()

    def finish(self) -> None:
        columns = [[row[name] for row in self._rows] for name in self._schema.names]
        self._file.write_table(arrow_table(self._schema, columns))
        self._rows.clear()


def _csv(stream: TextIO, columns: Columns) -> Callable[[Row], Any]:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    return lambda row: writer.writerow(_cell(value) for value in _without_nan(row, columns).values())


def _cell(value: str | float | bool | None) -> str | float:
    """As the CSV file of a report says it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value.replace("\r", "\\r")  # Python quotes it from 3.13 on; before, it would end the row
    return "" if value is None else value


def _json_lines(stream: TextIO, columns: Columns) -> Callable[[Row], Any]:
    return lambda row: stream.write(json.dumps(_without_nan(row, columns), ensure_ascii=False) + "\n")


def _without_nan(row: Row, columns: Columns) -> dict[str, Any]:
    values = ((name, row.value(name)) for name in columns)
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values}


_TEXT_FORMATS = {".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines}
PARQUET = ".parquet"


def row_writer(output: Path | None, columns: Columns = COLUMNS) -> RowWriter:
    """The writer for a file by its ending; CSV on standard output when there is none.

    OutputError for another ending.
    """
    if output is None:
        return TextRows("standard output", columns, _csv, sys.stdout)
    ending = output.suffix.lower()
    if ending == PARQUET:
        return ParquetRows(str(output), columns)
    if ending not in _TEXT_FORMATS:
        known = ", ".join((*_TEXT_FORMATS, PARQUET))
        raise OutputError(
            f"'{output.name}' ends in '{ending}', which is no format of rows. Choose one of: {known}."
        )
    return TextRows(str(output), columns, _TEXT_FORMATS[ending], None)
