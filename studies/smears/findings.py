"""What the page on smears says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.error_rates import sites
from studies.error_rates.findings import asked
from studies.kit.measured import Page, Tables
from studies.parasitaemia.measures import LEVEL, SIZES, USUAL
from studies.smears import drawn, fields, recut, site
from studies.smears.cells import SPECIFICITIES

ALL, HALF, BOXED, ADAPTED = (
    "as it comes, all fields",
    "as it comes, every second field",
    "as it comes, cropped by the boxes",
    "adapted, every second field",
)
BCCD = "BCCD"
NONE, ANY, TWO = recut.KINDS
AIMS = {"called": 95, "held": 93, "healthy": 5}
"""Per cent of smears: infected ones called infected, intervals that hold, healthy ones called at most."""
WORTH = 0.005
"""A difference of AUROC below this is none."""


def short(name: str) -> str:
    """Which bundle, without which fields."""
    return name.partition(",")[0]


def findings(tables: Tables) -> dict[str, Any]:
    """Whether the aims are met, and which way ranks better."""
    smears, cells = tables["drawn"], tables["cells"]
    shipped = short(ALL)
    sizes = [f"{size:,}" for size in SIZES]
    usual = f"{USUAL:,}"
    called = smears.number(f"{shipped}, {TWO}", usual, "called infected")
    held = [smears.number(f"{shipped}, {ANY}", size, "interval holds infected") for size in sizes]
    healthy = [
        smears.number(name, usual, "called infected")
        for name in (f"{BCCD}, no malaria", f"{shipped}, {NONE}")
    ]
    return {
        "shipped": shipped,
        "sizes": sizes,
        "usual": usual,
        "called_met": called >= AIMS["called"],
        "held_met": min(held) >= AIMS["held"],
        "healthy_met": max(healthy) <= AIMS["healthy"],
        "recut_met": recut_met(tables),
        "boxes_rank": ranks(*(tables["same"].number(name, "AUROC") for name in (BOXED, ALL))),
        "has_adapted": ADAPTED in cells.names(),
        "everyone": tables[f"alone, {ALL} {asked(site.RATES[0])}"].rows[-1][1],
    }


def recut_met(tables: Tables) -> bool:
    """Whether any threshold calibrated at the site calls infected smears infected and healthy ones not."""
    own, shipped = tables["recut"], short(ALL)
    return any(
        own.number(shipped, asked(rate), TWO, "called infected") >= AIMS["called"]
        and own.number(shipped, asked(rate), NONE, "called infected") <= AIMS["healthy"]
        for rate in recut.RATES
    )


def ranks(first: float, second: float) -> str:
    """How the first AUROC compares with the second."""
    if abs(first - second) < WORTH:
        return "about as well as"
    return "better than" if first > second else "worse than"


PAGE = Page(
    Path(__file__).with_name("page"),
    "smears.md",
    {
        "all_fields": ALL,
        "half": HALF,
        "boxed": BOXED,
        "adapted": ADAPTED,
        "bccd": BCCD,
        "clean": NONE,
        "any": ANY,
        "two": TWO,
        "aims": AIMS,
        "level": asked(LEVEL),
        "site_rates": [asked(rate) for rate in site.RATES],
        "site_draws": site.DRAWS,
        "site_plans": list(site.PLANS),
        "site_cells": next(iter(site.PLANS.values()))[0],
        "few": list(sites.SMEARS)[-1],
        "specificities": " / ".join(f"{100 * share:g}" for share in SPECIFICITIES),
        "drawn": drawn.DRAWS,
        "together": fields.TOGETHER,
        "recut_rates": [asked(rate) for rate in recut.RATES],
        "recut_fields": recut.FIELDS,
        "recut_draws": recut.DRAWS,
        "recut_smears": recut.SMEARS,
    },
    findings,
)
