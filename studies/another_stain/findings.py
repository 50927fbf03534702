"""What the page on another stain says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.pipeline.recipe.recipe import find_recipe
from studies.kit.fields import SCALE_BAR
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table

SEEDS = (0, 1, 2, 3, 4)
CHOSEN_ON = (0, 1)
"""Whose tuning and calibration fields were looked at, with labels, to choose the form of `site`."""
UNCHANGED = "trained on NIH, unchanged"
AT = "sens. at 99 %"
AIMS = {"AUROC": 0.991, "sens. at 95 %": 0.97, AT: 0.75}
RULES = ("stain_rule", "contrast", "local_contrast", "pca")
SITE, PLAIN = "site", "default"


def best(table: Table, column: str) -> str:
    """The recipe with the highest number in a column."""
    return max(table.names(), key=lambda name: table.number(name, column))


def misses(table: Table) -> dict[str, list[str]]:
    """For each aim, the recipes that reach it."""
    return {column: table.where(column, lambda own, aim=aim: own >= aim) for column, aim in AIMS.items()}


def findings(tables: Tables) -> dict[str, Any]:
    """Which recipe is best, which are behind the shipped bundle, and who reaches the aims."""
    table = tables["all"]
    shipped = table.number(UNCHANGED, AT)
    has_shipped = UNCHANGED in table.names()
    behind = [name for name in table.names() if table.number(name, AT) < shipped and UNCHANGED not in name]
    ahead = [name for name in table.names() if table.number(name, AT) > shipped and UNCHANGED not in name]
    return {
        "has_shipped": has_shipped,
        "best": best(table, AT),
        "best_unseen": best(tables["unseen"], AT),
        "best_stages": best(tables["stages"], "gametocyte"),
        "behind": behind,
        "ahead": ahead,
        "reach": misses(table),
        "site_earns": table.number(SITE, AT) > table.number(PLAIN, AT),
    }


def parts() -> str:
    """The parts of a split in a sentence."""
    given = vars(find_recipe("site_ensemble").fractions)
    return ", ".join(f"{name.replace('_', ' ')} {100 * share:g} %" for name, share in given.items())


PAGE = Page(
    Path(__file__).with_name("page"),
    "another-stain.md",
    {
        "unchanged": UNCHANGED,
        "at": AT,
        "aims": AIMS,
        "rules": RULES,
        "parts": parts(),
        "seeds": SEEDS,
        "chosen_on": CHOSEN_ON,
        "bar": SCALE_BAR,
    },
    findings,
)
