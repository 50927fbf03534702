"""What the page on adapting says of its table, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.kit.measured import Page, Tables
from studies.kit.tables import Table
from studies.kit.words import compared

SHARES = (0.0, 0.01, 0.02, 0.035)
"""How large the share of infected cells is among those that teach."""
SHIPPED = "as it comes"
FEW = 0.02
"""Up to this share of infected cells the threshold is looked at."""
SAME = 1.002
"""AUROCs this close are the same."""
AIMS = {"AUROC": 0.992, "sens. at 99 %": 0.80}


def adapted_with(share: float) -> str:
    """How the table names the bundles that learnt from cells of which this share is infected."""
    return f"adapted, {100 * share:g} % of the cells infected"


def of_shares(table: Table, column: str, most: float = 1.0) -> list[float]:
    """The numbers of a column in all rows of bundles that learnt from at most this share."""
    names = tuple(adapted_with(share) for share in SHARES if share <= most)
    return [table.number(name, column) for name in table.names() if name.startswith(names)]


def findings(tables: Tables) -> dict[str, Any]:
    """What adapting changes: ranking, refusals and flags."""
    table = tables["adapted"]
    columns = ("AUROC", "sens. at 99 %", "healthy refused", "healthy flagged", "infected flagged")
    own = {column: of_shares(table, column) for column in columns}
    return {
        "own": own,
        "few_flagged": of_shares(table, "infected flagged", FEW),
        "ranks": compared(min(own["AUROC"]), table.number(SHIPPED, "AUROC"), SAME),
        "finds": compared(min(own["sens. at 99 %"]), table.number(SHIPPED, "sens. at 99 %"), 1.0),
        "reached": {column: min(own[column]) >= aim for column, aim in AIMS.items()},
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "adapt.md",
    {
        "shipped": SHIPPED,
        "most": f"{100 * max(SHARES):g} %",
        "few": f"{100 * FEW:g} %",
        "aims": AIMS,
        "rate": "1 %",
    },
    findings,
)
