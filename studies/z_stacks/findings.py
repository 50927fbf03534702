"""What the page on z-stacks says of its table, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.images.formats.tiff import LEAST_ALIKE
from studies.kit.measured import Page, Tables

COLUMNS = (
    "photos",
    "several fields, highest",
    "one field, blur 10 px, lowest",
    "30 px, lowest",
    "sharpest found",
)
HEIGHTS_PX = (0.0, 3.0, 6.0, 12.0, 20.0)
NOISE = 6.0


def findings(tables: Tables) -> dict[str, Any]:
    """Whether the limit lies between fields apart and heights of one field."""
    table = tables["photos"]
    apart, alike = table.numbers(COLUMNS[1]), [*table.numbers(COLUMNS[2]), *table.numbers(COLUMNS[3])]
    taken = [table.numbers(COLUMNS[4], index=index) for index in (0, 1)]
    return {
        "apart": max(apart),
        "alike": min(alike),
        "divides": max(apart) < LEAST_ALIKE < min(alike),
        "taken": f"{sum(taken[0]):.0f} of {sum(taken[1]):.0f}",
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "z-stacks.md",
    {
        "limit": LEAST_ALIKE,
        "heights": len(HEIGHTS_PX),
        "blurs": f"{min(HEIGHTS_PX):g} to {max(HEIGHTS_PX):g}",
        "noise": f"{NOISE:g}",
    },
    findings,
)
