"""What the page on infected cells among healthy ones says of its tables, and the constants that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.kit.measured import Page, Tables
from studies.kit.tables import Table, bare, number

BEYOND = 0.3
NOMINAL = 0.01
TOLD = (0.0, 0.05, 0.1)
RANKING, THRESHOLDS = "ranking", "thresholds"
PLAIN, HEALTHY, ROBUST = "plain; plain", "plain; plain, of healthy cells alone", "robust; plain"
AT, STRICT, AP = "sens. at 99 %", "sens. at 99.5 %", "AP at 1 %"
NO_DIFFERENCE = 0.03
"""Sensitivities this close are the same, with so few cells and seeds."""


def levels(table: Table) -> list[str]:
    """The shares of infected cells that a table of rankings has."""
    return list(dict.fromkeys(row[1] for row in table.rows))


def of_recipe(tables: Tables, config: str) -> dict[str, Any]:
    """What infected cells do to one recipe."""
    table, rules = tables[f"{RANKING} {config}"], tables[f"{THRESHOLDS} {config}"]
    every = levels(table)
    clean, most = every[0], every[-1]
    return {
        "clean": table.at(PLAIN, clean, AT),
        "spoilt": table.at(PLAIN, most, AT),
        "healthy_tails": table.at(HEALTHY, most, AT),
        "told": [
            (name, table.at(name, clean, STRICT), table.at(name, most, AT)) for name in told_names(table)
        ],
        "plain_strict": table.at(PLAIN, clean, STRICT),
        "flagged": rules.figure("plain; infected_quantile of reviewed cells", clean),
        "mixed_clean": rules.figure("plain; quantile of mixed cells", clean, index=1),
        "mixed_most": rules.figure("plain; quantile of mixed cells", most, index=1),
        "mixed_best": max(rules.numbers(most, index=1)[row] for row in mixed_rows(rules)),
        "network_keeps": keeps(table.number(PLAIN, clean, AT), table.number(HEALTHY, most, AT)),
        "robust": robust(table, every),
        "most": most,
    }


def told_names(table: Table) -> list[str]:
    """The rows in which the score was told that some cells may be infected, without a robust loss."""
    names = dict.fromkeys(table.names())
    return [name for name in names if name.startswith("plain; infected")]


def mixed_rows(rules: Table) -> list[int]:
    """The rows whose threshold is of calibration cells with infected ones among them."""
    return [number for number, row in enumerate(rules.rows) if bare(row[0]).endswith("of mixed cells")]


def keeps(before: float, after: float) -> bool:
    """Whether a sensitivity has not fallen by more than chance."""
    return after >= before - NO_DIFFERENCE


def robust(table: Table, every: list[str]) -> dict[str, Any] | None:
    """By how much the robust loss differs from the plain one; None without a network."""
    if ROBUST not in table.names():
        return None
    gains = [table.number(ROBUST, level, AT) - table.number(PLAIN, level, AT) for level in every]
    return {"gains": gains, "wins": max(gains) > NO_DIFFERENCE}


def findings(tables: Tables) -> dict[str, Any]:
    """What infected cells do to each recipe."""
    configs = [name.removeprefix(f"{RANKING} ") for name in tables if name.startswith(RANKING)]
    recipes = {config: of_recipe(tables, config) for config in configs}
    return {"recipes": recipes, "threshold_first": all(map(threshold_suffers, recipes.values()))}


def threshold_suffers(own: dict[str, Any]) -> bool:
    """Whether recall at the threshold falls by more than the sensitivity of the ranking."""
    fallen = number(own["clean"]) - number(own["spoilt"])
    return number(own["mixed_clean"]) - number(own["mixed_most"]) > fallen


PAGE = Page(
    Path(__file__).with_name("page"),
    "contamination.md",
    {
        "beyond": BEYOND,
        "nominal": f"{100 * NOMINAL:g} %",
        "no_difference": NO_DIFFERENCE,
        "ranking": RANKING,
        "thresholds": THRESHOLDS,
    },
    findings,
)
