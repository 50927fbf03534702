"""What the page on the checks of quality says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.cell_quality.general import CHECKS, DRAWS
from studies.cell_quality.thumbnails import COMPONENTS, REFUSED, SIDE
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table

ASKED = 1.0
"""Per cent of healthy cells of unseen patients that may be refused."""
NEARLY_ALL = 95.0
"""Per cent from which on nearly all pictures of a kind are refused."""
FEW = 20
REPEATS = 5
AS_CUT, ROUND = "as cropped", "round, on black"


def nearly_all(table: Table, names: list[str]) -> tuple[list[str], list[str]]:
    """The kinds of which nearly all pictures are refused, and the others."""
    kinds = {name: table.number(name, "refused") >= NEARLY_ALL for name in names}
    refused = [name for name, holds in kinds.items() if holds]
    return refused, [name for name in names if name not in refused]


def findings(tables: Tables) -> dict[str, Any]:
    """Whether healthy cells pass, and what is refused."""
    healthy, sites, made, damaged = (tables[name] for name in ("healthy", "sites", "synthetic", "damaged"))
    refused = healthy.numbers("refused")
    no_cells = [name for name in sites.names() if name.startswith("brain")]
    is_made = [nearly_all(made, made.names()), nearly_all(sites, no_cells)]
    return {
        "refused": refused,
        "pass": max(refused) <= ASKED,
        "worst": max(healthy.numbers("worst patient")),
        "infected": max(healthy.numbers("infected refused")),
        "made_refused": sum(len(own) for own, _ in is_made),
        "made_all": len(made.names()) + len(no_cells),
        "made_suspicious": max(made.numbers("suspicious without gate")),
        "damaged_refused": nearly_all(damaged, damaged.names())[0],
        "damaged_passing": nearly_all(damaged, damaged.names())[1],
        "general_anomalous": tables["general"].numbers("anomalous refused"),
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "gate.md",
    {
        "asked": f"{ASKED:g} %",
        "nearly_all": f"{NEARLY_ALL:g} %",
        "few": FEW,
        "repeats": REPEATS,
        "side": SIDE,
        "components": COMPONENTS,
        "thumbnail_limit": f"{100 * REFUSED:g} %",
        "as_cut": AS_CUT,
        "round": ROUND,
        "checks": CHECKS,
        "draws": DRAWS,
    },
    findings,
)
