"""What the page on batches says of its tables, and the plan that it computes from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normocyte.workflows.batch.units import IMAGES
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table
from studies.scale.shards import CELLS, NOISE, QUALITY
from studies.scale.summed import DAYS

COLUMNS = (
    "run",
    "images",
    "clock s",
    "images/s",
    "processor s",
    "peak MB",
    "other work",
    "limit",
    "of the limit",
)
SUMMARISED = ("rows", "clock s", "processor s", "peak MB", "other work")
ONE, TWO, RESUMED = "1 worker", "2 workers", "resumed"
SIZES = (10_000, 100_000, 1_000_000)
AIM_LIMIT, AIM_TWO, AIM_MEMORY, AIM_COST, AIM_START = 0.9, 1.8, 1.05, 1.05, 0.01
AIM_SUM_S, AIM_SUM_MB = 5.0, 500.0
PLANNED = 10**9
NIGHT_H = 10
TWICE = 0.01
"""The share of the work that may be done twice, of which the failure budget is computed."""
_OTHERS = 0.1
"""With more other work than this share of the cores in any run, the clock is not that of a free machine."""


def run_name(images: int, kind: str) -> str:
    """What a run is called in the table."""
    return f"{images:,}, {kind}"


@dataclass(frozen=True)
class Runs:
    """The table of runs, by size and kind."""

    table: Table

    def sizes(self, kind: str) -> list[int]:
        """How many images the runs of this kind had, in rising order."""
        names = [one for one in self.table.names() if one.endswith(f", {kind}")]
        return sorted(int(self.table.number(one, "images")) for one in names)

    def number(self, images: int, kind: str, column: str) -> float:
        """A number of a run."""
        return self.table.number(run_name(images, kind), column)


@dataclass(frozen=True)
class Ratio:
    """A ratio of two runs that has an aim."""

    value: float
    aim: float
    few: int
    many: int
    is_most: bool = True

    @property
    def is_met(self) -> bool:
        """Whether the aim is met."""
        return self.value <= self.aim if self.is_most else self.value >= self.aim

    @property
    def met(self) -> str:
        """The same in a word."""
        return "met" if self.is_met else "missed"


def findings(tables: Tables) -> dict[str, Any]:
    """Ratios that have an aim, None where their runs are missing, and what a core does in a second."""
    runs = Runs(tables["batches"])
    one, two = runs.sizes(ONE), runs.sizes(TWO)
    largest = max([*one, *two])
    rate = largest / runs.number(largest, TWO if largest in two else ONE, "processor s")
    return {
        "limit": _limit(runs, one),
        "two": _two(runs, [size for size in one if size in two]),
        "cost": _flat(runs, two, "processor s", AIM_COST),
        "memory": _flat(runs, two, "peak MB", AIM_MEMORY),
        "start": _start(runs),
        "rate": rate,
        "others": runs.table.numbers("other work"),
        "is_busy": is_busy,
        "summed": _summed(tables),
        "missing": [f"{size:,}" for size in SIZES if size not in {*one, *two}],
        "has_ray": any("Ray" in name for name in runs.table.names()),
        "plan": plan,
    }


def _limit(runs: Runs, sizes: list[int]) -> Ratio | None:
    if not sizes:
        return None
    share = runs.number(sizes[-1], ONE, "of the limit")
    return Ratio(share, AIM_LIMIT, sizes[0], sizes[-1], is_most=False)


def _two(runs: Runs, sizes: list[int]) -> Ratio | None:
    if not sizes:
        return None
    clock = [runs.number(sizes[-1], kind, "clock s") for kind in (ONE, TWO)]
    return Ratio(clock[0] / clock[1], AIM_TWO, sizes[-1], sizes[-1], is_most=False)


def _flat(runs: Runs, sizes: list[int], column: str, aim: float) -> Ratio | None:
    """The largest set against the smallest, both by two workers; processor time an image."""
    few, many = (sizes[0], sizes[-1]) if sizes else (0, 0)
    if few == many:
        return None
    ratio = runs.number(many, TWO, column) / runs.number(few, TWO, column)
    return Ratio(ratio if column == "peak MB" else ratio * few / many, aim, few, many)


def _start(runs: Runs) -> Ratio | None:
    sizes = runs.sizes(RESUMED)
    if not sizes:
        return None
    resumed, whole = (runs.number(sizes[-1], kind, "processor s") for kind in (RESUMED, TWO))
    return Ratio(resumed / whole, AIM_START, sizes[0], sizes[-1])


def _summed(tables: Tables) -> bool:
    """Whether the summary is as fast and small as is aimed at."""
    if "summarised" not in tables:
        return False
    table = tables["summarised"]
    name = table.rows[0][0]
    return table.number(name, "clock s") <= AIM_SUM_S and table.number(name, "peak MB") <= AIM_SUM_MB


def is_busy(others: list[float], cores: int) -> bool:
    """Whether other work ran beside any of the runs."""
    return max(others, default=0.0) > _OTHERS * cores


def plan(rate: float, sizes: dict[str, float]) -> Table:
    """What a thousand million images need, at this speed of one core and these bytes an image."""
    hours = PLANNED / rate / 3600
    units = -(-PLANNED // IMAGES)
    rows = [
        ("processor time", f"{hours:,.0f} core hours"),
        (f"cores, to be ready in {NIGHT_H} hours", f"{hours / NIGHT_H:,.0f}"),
        ("images, as they are stored", f"{PLANNED * sizes['source'] / 1e12:,.1f} TB"),
        ("files of rows", f"{PLANNED * sizes['rows'] / 1e9:,.0f} GB"),
        ("manifest", f"{PLANNED * sizes['manifest'] / 1e9:,.0f} GB"),
        ("units of work", f"{units:,}"),
        ("work lost with a worker", f"{IMAGES / rate:.1f} s of one core at most"),
        (f"workers that may die, with {100 * TWICE:g} % done twice", f"{int(units * TWICE):,}"),
    ]
    return Table.of(("what", "computed"), rows)


PAGE = Page(
    Path(__file__).with_name("page"),
    "scale.md",
    {
        "aims": {"sum": (f"{AIM_SUM_S:g}", f"{AIM_SUM_MB:g}")},
        "planned": f"{PLANNED:,}",
        "days": DAYS,
        "drawn": {"cells": CELLS, "noise": NOISE, "quality": QUALITY},
    },
    findings,
)
