"""Tables of a page: cells as they are printed, which sentences read again, so that both always agree."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studies.kit.common import markdown

_NUMBER = re.compile(r"[\u2212-]?(?:\d[\d,]*)?\.?\d+")
_BAR = " | "


@dataclass(frozen=True)
class Table:
    """Columns and rows of printed cells; a row is named by its first cells.

    >>> table = Table.of(("rule", "mean", "range"), [("`quantile`", "1.20", "0.5 to 2")])
    >>> table.at("quantile", "mean"), table.number("quantile", "range", index=1)
    ('1.20', 2.0)
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> Table:
        """A table of these columns and rows, with a sentence below it."""
        return cls(tuple(columns), tuple(tuple(row) for row in rows), note)

    def __str__(self) -> str:
        """The table and its note as Markdown."""
        return "\n\n".join(filter(None, (markdown(self.columns, self.rows), self.note)))

    def plain(self) -> dict[str, Any]:
        """The table for a file of JSON: each row as one text."""
        rows = [_BAR.join(row) for row in self.rows]
        return {"columns": _BAR.join(self.columns), "rows": rows, "note": self.note}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Table:
        """The table that `plain` gave."""
        return cls.of(plain["columns"].split(_BAR), [row.split(_BAR) for row in plain["rows"]], plain["note"])

    def at(self, *place: str) -> str:
        """The cell as it is printed: first cells of its row, then the column; KeyError without one."""
        *row, column = place
        index = self.columns.index(column) if column in self.columns else -1
        found = [own for own in self.rows if [bare(cell) for cell in own[: len(row)]] == row]
        if not found or index < 0:
            raise KeyError(f"no cell {place} in a table of {self.columns}")
        return found[0][index]

    def figure(self, *place: str, index: int = 0) -> str:
        """The number with this index in a cell as it is printed, or the whole cell when it has none."""
        cell = self.at(*place)
        found = _NUMBER.findall(cell)
        return found[index] if index < len(found) else cell

    def number(self, *place: str, index: int = 0) -> float:
        """The number with this index in a cell; NaN when the cell has none."""
        return number(self.figure(*place, index=index))

    def names(self) -> list[str]:
        """The first cell of every row."""
        return [bare(row[0]) for row in self.rows]

    def where(self, column: str, holds: Callable[[float], bool], index: int = 0) -> list[str]:
        """The rows, by their first cell, in whose column a number is for which this holds."""
        return [name for name in self.names() if holds(self.number(name, column, index=index))]

    def numbers(self, column: str, index: int = 0) -> list[float]:
        """The numbers of a column, without cells that have none."""
        found = [_NUMBER.findall(row[self.columns.index(column)]) for row in self.rows]
        return [number(own[index]) for own in found if index < len(own)]


def bare(cell: str) -> str:
    """A cell without marks of code and emphasis."""
    return cell.replace("`", "").replace("*", "").strip()


def number(text: str) -> float:
    """A printed number; NaN when it is none.

    >>> number("1,128"), number("14 %"), number("refused")
    (1128.0, 14.0, nan)
    """
    found = _NUMBER.search(text)
    return float(found[0].replace(",", "").replace("\u2212", "-")) if found else math.nan
