"""What the page on batches says of its tables, and the plan that it computes from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.workflows.batch.units import IMAGES
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table
from studies.scale.summed import DAYS

COLUMNS = ("run", "images", "workers", "clock s", "images/s", "processor s", "peak MB", "load before")
SUMMARISED = ("rows", "clock s", "processor s", "peak MB")
TENTH, ALL, TWO, RESUMED = "a tenth", "all", "all, 2 workers", "all, resumed when done"
AIM_LIMIT, AIM_TWO, AIM_MEMORY, AIM_START = 0.9, 1.8, 1.05, 0.01
AIM_SUM_S, AIM_SUM_MB = 5.0, 500.0
PLANNED = 10**9
NIGHT_H = 10
TWICE = 0.01
"""The share of the work that may be done twice, of which the failure budget is computed."""
_IDLE = 0.25
"""With a load of less than this share of the cores before each run, the clock is that of a free machine."""


def findings(tables: Tables) -> dict[str, Any]:
    """Ratios that have an aim, each with whether it is met, and what one image more costs."""
    runs, whole = tables["batches"], tables["summarised"]
    images, core = (runs.number(ALL, name) for name in ("images", "processor s"))
    more = core - runs.number(TENTH, "processor s")
    name = whole.rows[0][0]
    return {
        "speed": images / core,
        "slope": (images - runs.number(TENTH, "images")) / more if more > 0 else float("nan"),
        "two": runs.number(ALL, "clock s") / runs.number(TWO, "clock s"),
        "memory": runs.number(ALL, "peak MB") / runs.number(TENTH, "peak MB"),
        "start": runs.number(RESUMED, "processor s") / core,
        "loads": runs.numbers("load before"),
        "is_summed": whole.number(name, "clock s") <= AIM_SUM_S
        and whole.number(name, "peak MB") <= AIM_SUM_MB,
        "is_one_unit": runs.number(TENTH, "images") <= IMAGES,
        "summed_s": whole.number(name, "processor s"),
        "plan": plan,
        "is_busy": is_busy,
    }


def is_busy(loads: list[float], cores: int) -> bool:
    """Whether other work ran beside any of the runs."""
    return max(loads) > _IDLE * cores


def plan(slope: float, sizes: dict[str, float]) -> Table:
    """What a thousand million images need, at this speed of one core and these bytes an image."""
    hours = PLANNED / slope / 3600
    units = -(-PLANNED // IMAGES)
    rows = [
        ("processor time", f"{hours:,.0f} core hours"),
        (f"cores, to be ready in {NIGHT_H} hours", f"{hours / NIGHT_H:,.0f}"),
        ("images, as they are stored", f"{PLANNED * sizes['source'] / 1e12:,.1f} TB"),
        ("files of rows", f"{PLANNED * sizes['rows'] / 1e9:,.0f} GB"),
        ("manifest", f"{PLANNED * sizes['manifest'] / 1e9:,.0f} GB"),
        ("units of work", f"{units:,}"),
        ("work lost with a worker", f"{IMAGES / slope:.1f} s of one core at most"),
        (f"workers that may die, with {100 * TWICE:g} % done twice", f"{int(units * TWICE):,}"),
    ]
    return Table.of(("what", "computed"), rows)


PAGE = Page(
    Path(__file__).with_name("page"),
    "scale.md",
    {
        "aims": {
            "limit": AIM_LIMIT,
            "two": AIM_TWO,
            "memory": AIM_MEMORY,
            "start": AIM_START,
            "sum": (f"{AIM_SUM_S:g}", f"{AIM_SUM_MB:g}"),
        },
        "planned": f"{PLANNED:,}",
        "days": DAYS,
    },
    findings,
)
