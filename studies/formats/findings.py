"""What the page on formats says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.kit.measured import Page, Tables
from studies.kit.tables import Table

COLUMNS = ("layout", "files", "equal", "within 1", "lossy, alike", "refused by name", "wrong")
ALIKE_MEAN = 1.5
LEVELS = 255


def totals(table: Table) -> dict[str, int]:
    """The sum of each column over all layouts."""
    return {column: round(sum(table.numbers(column))) for column in COLUMNS[1:]}


def findings(tables: Tables) -> dict[str, Any]:
    """How many files are equal, refused and wrong."""
    return {"made": totals(tables["synthetic"]), "brought": totals(tables["files"])}


PAGE = Page(
    Path(__file__).with_name("page"),
    "formats.md",
    {"alike_mean": ALIKE_MEAN, "levels": LEVELS, "one": 1},
    findings,
)
