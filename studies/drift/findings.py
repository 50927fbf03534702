"""What the page on drift says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.drift.streams import EACH
from studies.kit.measured import Page, Tables

WATCH, RECALIBRATE = 5.0, 20.0
OTHER_STAIN = "another stain (IML fields)"
NEEDED = "patients until half / nine of ten are found"
FOUND, HARDLY = 90.0, 10.0
"""Per cent of streams: a change is found from the first on, and hardly seen up to the second."""


def bound(wealth: float) -> float:
    """Ville's inequality: in how many per cent of endless streams a capital may come so far by chance."""
    return 100 / wealth


def findings(tables: Tables) -> dict[str, Any]:
    """Whether false alarms are within their bound, and which changes are found."""
    alarms, power = tables["false_alarms"], tables["power"]
    watch, recalibrate = (max(alarms.numbers(name)) for name in ("watch", "recalibrate"))
    return {
        "held": watch <= bound(WATCH) and recalibrate <= bound(RECALIBRATE),
        "watch": watch,
        "recalibrate": recalibrate,
        "found": power.where("recalibrate", lambda share: share >= FOUND),
        "hidden": power.where("recalibrate", lambda share: HARDLY < share < FOUND),
        "hardly": power.where("recalibrate", lambda share: share <= HARDLY),
        "has_stain": OTHER_STAIN in power.names(),
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "drift.md",
    {
        "each": EACH,
        "watch_bound": f"{bound(WATCH):g} %",
        "recalibrate_bound": f"{bound(RECALIBRATE):g} %",
        "stain": OTHER_STAIN,
        "needed": NEEDED,
    },
    findings,
)
