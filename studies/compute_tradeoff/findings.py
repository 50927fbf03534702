"""What the page on what accuracy costs says of its table, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.pipeline.recipe.recipe import find_recipe
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table, bare, number

EPOCHS = 12
AUROC, FOUND, MS = "AUROC", "sens. at 99 %", "ms a cell"


def by(table: Table, first: str, second: str) -> dict[str, list[float]]:
    """The numbers of the second column, for each text in the first."""
    places = table.columns.index(first), table.columns.index(second)
    found: dict[str, list[float]] = {}
    for row in table.rows:
        found.setdefault(bare(row[places[0]]), []).append(number(row[places[1]]))
    return found


def findings(tables: Tables) -> dict[str, Any]:
    """How far the settings lie apart, by image size and by filters."""
    table = tables["settings"]
    areas = table.numbers(AUROC)
    return {
        "areas": areas,
        "apart": max(areas) - min(areas),
        "by_size": by(table, "image", FOUND),
        "by_filters": by(table, "filters", FOUND),
        "ms_by_filters": by(table, "filters", MS),
        "most": max(table.rows, key=lambda row: number(row[table.columns.index(FOUND)])),
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "compute-tradeoff.md",
    {"epochs": EPOCHS, "usual": find_recipe("conv").members[0].detector.epochs},
    findings,
)
