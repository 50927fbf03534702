"""What the page on other people's rules says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.error_rates.findings import asked
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table
from studies.threshold_peers import _catalogue as peers

ANOMALIB = "2.7.0"
"""The version of anomalib whose rule is written anew."""
LOCK = Path(__file__).with_name("requirements.txt")
TIME = "ms"
SAME = {"quantile": "nonconform Empirical", "conformal": "nonconform Empirical"}
SAME_LISTS = {
    "list benjamini_hochberg": "nonconform select bh",
    "list storey": "nonconform select storey",
}
CHOICES = ("GESD", "MAD")
"""The rules of PyThresh that a sentence names."""


def version(package: str) -> str:
    """The version of a package in the lock."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{package}==")).split("==")[1].strip(" \\")


def equal(table: Table, pairs: dict[str, str]) -> bool:
    """Whether both rules of each pair have the same figures everywhere, but for the time they take."""
    return all(_rows(table, one) == _rows(table, other) for one, other in pairs.items())


def _rows(table: Table, name: str) -> list[tuple[str, ...]]:
    timed = table.columns.index(TIME)
    rows = [row for row in table.rows if row[0].strip("`") == name]
    return [row[1:timed] + row[timed + 1 :] for row in rows]


def findings(tables: Tables) -> dict[str, Any]:
    """Which rules agree, how far apart PyThresh's are, and what takes long."""
    rates, healthy, smears, lists = (tables[name] for name in ("rates", "healthy", "smears", "lists"))
    flagged, found = (f"{what} at 1, 3, 5 %" for what in ("flagged", "recall"))
    pythresh = [name for name in smears.names() if name.startswith("PyThresh")]
    at_each = range(len(peers.PREVALENCES))
    loose = asked(peers.RATES[0])
    return {
        "rates_equal": equal(rates, SAME),
        "lists_equal": equal(lists, SAME_LISTS),
        "bounds_stricter": rates.number("nonconform fpr_bounds", loose, "mean")
        < rates.number("calibration_conditional", loose, "mean"),
        "flagged": flagged,
        "found": found,
        "apart": [smears.number(name, flagged, index=index) for name in pythresh for index in at_each],
        "healthy_apart": [
            healthy.number(name, "mean") for name in healthy.names() if name.startswith("PyThresh")
        ],
        "slowest": max(max(table.numbers(TIME)) for table in tables.values()),
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "threshold-peers.md",
    {
        "versions": {name: version(name) for name in ("nonconform", "pythresh")},
        "anomalib": ANOMALIB,
        "prevalences": peers.PREVALENCES,
        "loose": asked(peers.RATES[0]),
        "strict": asked(peers.RATES[1]),
        "confidence": asked(peers.CONFIDENCE),
        "listed_healthy": asked(peers.LISTED),
        "right": f"{100 * (1 - peers.LISTED):g}",
        "calls": {**peers.NONCONFORM, **peers.NONCONFORM_LISTS},
        "choices": CHOICES,
    },
    findings,
    script="studies/threshold_peers/run.py",
)
