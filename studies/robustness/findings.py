"""What the page on odd inputs says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.photo_checks.grading.parts import MOST
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table, number

UNCHANGED, WEBP = "unchanged", "lossy WebP, quality 80"
ALONE, TOGETHER = "alone", "with its neighbours"
PAINTED = 7
BLOTTED = 20
REFUSED = 5.0
"""Per cent of refused crops up to which a format is taken for a harmless one."""


def findings(tables: Tables) -> dict[str, Any]:
    """Which crops are judged as before, and what neighbours, outlines and the rule for blots change."""
    crops = tables["crops"]
    infected = "infected flagged"
    before = crops.number(UNCHANGED, infected)
    harmless = [name for name in crops.names()[1:] if crops.number(name, "refused") <= REFUSED]
    return {
        "before": before,
        "harmless": harmless,
        "lost": [before - crops.number(name, infected) for name in harmless],
        "areas": [crops.number(name, "AUROC") for name in harmless],
        "refused": [name for name in crops.names()[1:] if name not in harmless],
        "blots": with_and_without(tables["blots"], "added, mean"),
        "iml": tables["eyepiece IML"].numbers("verdicts alike"),
        "bccd": tables["eyepiece BCCD"].numbers("verdicts alike"),
    }


def with_and_without(table: Table, column: str) -> dict[str, float]:
    """A number of all blots together, with the rule on and off."""
    return {row[2]: number(row[table.columns.index(column)]) for row in table.rows if row[0] == "all"}


PAGE = Page(
    Path(__file__).with_name("page"),
    "robustness.md",
    {
        "unchanged": UNCHANGED,
        "webp": WEBP,
        "alone": ALONE,
        "together": TOGETHER,
        "painted_cells": PAINTED,
        "blotted": BLOTTED,
        "most_refused": f"{REFUSED:g} %",
        "stitched_from": MOST,
    },
    findings,
)
