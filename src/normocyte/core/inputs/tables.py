"""Reads a table that a person brings: by commas, semicolons or tabs, under headings of several spellings."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.texts import is_workbook, read_text, text_of

SHOWN = 20
"""So many faults of a table are told one by one."""

ENDINGS = (".csv", ".tsv", ".tab", ".txt")
NOBODY = frozenset({"", "nan", "na", "n/a", "#n/a", "none", "null", "unknown", "-", "?"})
"""What programs and people write where a name is not known, in small letters."""

_DELIMITERS = (",", ";", "\t", "|")
_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAID = re.compile(r"sep=([,;\t|])[\r\n]+", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\s_.\-]+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")

_Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Column:
    """A column by its name, and what else people call it; capitals, spaces, `_` and `-` do not matter."""

    name: str
    others: tuple[str, ...] = ()
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """The number of a row as a spreadsheet counts, from 1 for the headings, and its cells by column.

    Columns that are not known are left out.
    """

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty where the table has no such column, or the row ends before it."""
        return self.cells.get(column, "")


@dataclass
class Faults:
    """Gathers what is wrong with a table, to tell all of it at once."""

    what: str
    found: list[str] = field(default_factory=list)

    def add(self, row: int, *faults: str) -> None:
        """Note faults of one row."""
        self.found.extend(f"row {row}: {fault}" for fault in faults)

    def raise_all(self, remedy: str = "") -> None:
        """DatasetError with the first 20 faults, one a line, and how many more; nothing without faults."""
        if not self.found:
            return
        count = "1 fault" if len(self.found) == 1 else f"{len(self.found):,} faults"
        more = len(self.found) - SHOWN
        shown = [*self.found[:SHOWN], *([f"and {more:,} more"] if more > 0 else [])]
        raise DatasetError(
            "\n".join([f"{self.what} has {count} to correct:", *(f"  {fault}" for fault in shown)])
            + (f"\n{remedy}" if remedy else "")
        )


@dataclass(frozen=True)
class Table:
    """Rows of text under columns; `faults` holds those of its form, to which the reader adds its own.

    `columns` are the names of those columns that are known and there. `number` reads a cell.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: Faults
    delimiter: str = ","

    def whole(self) -> Table:
        """This table; DatasetError when a row has too many or too few cells."""
        self.faults.raise_all()
        return self

    def plain(self, text: str) -> str:
        """A number with its decimal point, for which a comma may stand between semicolons."""
        is_with_comma = self.delimiter == ";" and _DECIMAL_COMMA.fullmatch(text)
        return text.replace(",", ".") if is_with_comma else text

    def number(self, text: str) -> float:
        """A cell as a number, NaN for none."""
        try:
            return math.nan if "_" in text else float(self.plain(text))
        except ValueError:
            return math.nan


def is_table(path: Path) -> bool:
    """True for a path that is called as a table is, a workbook included: reading that says what to do."""
    return path.suffix.lower() in ENDINGS or is_workbook(path)


def read_table(
    path: Path, what: str, columns: Sequence[Column], advice: str, is_exact: bool = False
) -> Table:
    """The table in a file, called `what` in messages. DatasetError as `texts.read_text` and `table_of`."""
    return table_of(read_text(path, what), what, columns, advice, is_exact)


def parse_table(data: bytes, what: str, columns: Sequence[Column], advice: str) -> Table:
    """The same from bytes."""
    return table_of(text_of(data, what), what, columns, advice)


def table_of(text: str, what: str, columns: Sequence[Column], advice: str, is_exact: bool = False) -> Table:
    """The same from text; what stands between cells is what gives most of the known headings.

    Empty rows are left out. A row of more cells than there are headings is a fault, one of fewer where a
    needed column is cut off. With `is_exact`, for what a program wrote, that is a fault always, and cells are
    not trimmed. DatasetError when it is no table, when a needed
    column is missing or when two headings mean the same column.
    """
    said = _SAID.match(text)
    delimiter = said[1] if said else _delimiter(text, columns)
    body = text[said.end() :] if said else text
    parsed = _parsed(body, delimiter, is_exact)
    records = _records(parsed, what, first=2 if said else 1, is_trimmed=not is_exact)
    _, headings = next(records, (1, []))
    names = _names(headings, what, columns, advice)
    faults = Faults(what)
    fewest = len(names) if is_exact else _fewest(names, columns)
    rows = tuple(_rows(records, names, fewest, faults, delimiter))
    known = tuple(column.name for column in columns if column.name in names)
    return Table(known, rows, faults, delimiter)


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    known = {_plain(one) for column in columns for one in (column.name, *column.others)}

    def found(delimiter: str) -> int:
        try:
            headings = next(_parsed(text, delimiter), [])
        except csv.Error:
            return 0
        return len(known & {_plain(heading) for heading in headings})

    return max(_DELIMITERS, key=found)


def _plain(heading: str) -> str:
    return _BETWEEN_WORDS.sub("", heading).casefold()


def _parsed(text: str, delimiter: str, is_exact: bool = False) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    return iter(csv.reader(lines, delimiter=delimiter, skipinitialspace=not is_exact, strict=True))


def _records(parsed: Iterator[list[str]], what: str, first: int, is_trimmed: bool) -> Iterator[_Record]:
    """The cells of each row that has any, with its number."""
    number = first - 1
    try:
        for number, cells in enumerate(parsed, start=first):
            if any(map(str.strip, cells)):
                yield number, [cell.strip() for cell in cells] if is_trimmed else cells
    except csv.Error as error:
        raise DatasetError(
            f"{what} is no table: {error}, in row {number + 1}. Check its quotation marks, or save it "
            "again as 'CSV UTF-8'."
        ) from error


def _names(headings: list[str], what: str, columns: Sequence[Column], advice: str) -> list[str]:
    """What each column is called, empty where it is not known."""
    names = [""] * len(headings)
    for column in columns:
        places = _places(headings, (column.name,)) or _places(headings, column.others)
        if len(places) > 1:
            twice = " and ".join(f"'{headings[place]}'" for place in places)
            raise DatasetError(f"{what} has the headings {twice}, which both mean {column.name}; rename one.")
        for place in places:
            names[place] = column.name
    missing = [column.name for column in columns if column.is_needed and column.name not in names]
    if missing:
        raise DatasetError(
            f"{what} has no column {', '.join(missing)}, but {', '.join(headings) or 'none'}; {advice}."
        )
    return names


def _places(headings: Sequence[str], spellings: Sequence[str]) -> list[int]:
    plain = {_plain(spelling) for spelling in spellings}
    return [index for index, heading in enumerate(headings) if _plain(heading) in plain]


def _fewest(names: Sequence[str], columns: Sequence[Column]) -> int:
    needed = {column.name for column in columns if column.is_needed}
    return max((index + 1 for index, name in enumerate(names) if name in needed), default=0)


def _rows(
    records: Iterator[_Record], names: Sequence[str], fewest: int, faults: Faults, delimiter: str
) -> Iterator[Row]:
    known = [(index, name) for index, name in enumerate(names) if name]
    for number, cells in records:
        if fewest <= len(cells) <= len(names):
            there = len(cells)
            yield Row(number, {name: cells[place] for place, name in known if place < there})
        elif len(cells) < fewest:
            faults.add(number, f"it has {len(cells)} cells where the headings are {len(names)}")
        else:
            faults.add(
                number,
                f"it has {len(cells)} cells where the headings are {len(names)}, such as "
                f"'{cells[len(names)]}'; a cell in which {_SPOKEN[delimiter]} stand needs quotation marks",
            )
