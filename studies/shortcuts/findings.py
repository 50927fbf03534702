"""What the page on shortcuts says of its table, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.results.shortcuts import CLAIMED
from studies.kit.measured import Page, Tables
from studies.shortcuts.plants import BAR_PX, BAR_SHARE, BORDER_LEVELS, BORDER_PX, QUALITIES, SPREADS

CASES = 200
SIZES = (200,)
LEAST = 2.5
"""So many times the images of one kind must be at hand; what is left are learnt images, at most as many."""
COLUMNS = ("images", "planted", "of each kind", "found", "any measure")
AIM_FOUND, AIM_FALSE = 0.95, 0.05


def findings(tables: Tables) -> dict[str, Any]:
    """The worst share that is found, and the highest share of false alarms, for each number of images."""
    rows = tables["found"].rows
    shares = {size: _shares(rows, str(size)) for size in SIZES}
    most = max(SIZES)
    return {
        "shares": shares,
        "most": most,
        "is_found": shares[most]["found"] >= AIM_FOUND,
        "is_quiet": max(own["false"] for own in shares.values()) <= AIM_FALSE,
        "missed": sorted(
            {f"{row[1]} in {row[0]}" for row in rows if row[3] and int(row[3]) < AIM_FOUND * CASES}
        ),
    }


def _shares(rows: tuple[tuple[str, ...], ...], size: str) -> dict[str, float]:
    own = [row for row in rows if row[2] == size]
    return {
        "found": min(int(row[3]) for row in own if row[3]) / CASES,
        "false": max(int(row[4]) for row in own if not row[3]) / CASES,
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "shortcuts.md",
    {
        "cases": CASES,
        "claimed": f"{CLAIMED:g}",
        "sizes": SIZES,
        "border": (BORDER_PX, BORDER_LEVELS),
        "qualities": QUALITIES,
        "spreads": f"{SPREADS:g}",
        "bar": (BAR_PX, BAR_SHARE),
        "aims": (f"{100 * AIM_FOUND:g} %", f"{100 * AIM_FALSE:g} %"),
    },
    findings,
)
