"""What the page on Ray says of its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.kit.measured import Page, Tables
from studies.kit.tables import Table
from studies.scale.findings import is_busy

SPEED = ("engine", "workers", "images", "clock s", "images/s", "few images s", "other work")
TROUBLE = ("what", "times", "images read", "at most", "files")
EQUAL = "equal"
NODES = (1, 2, 4, 10)
FEW = 10
"""So many images are nearly all start."""
CORES = 2
"""Workers of a machine, on this one and on the nodes of the table."""


def findings(tables: Tables) -> dict[str, Any]:
    """How fast Ray is beside the local engine, and from how many images on it pays."""
    speed = tables["speed"]
    rate = {(row[0], row[1]): _rate(row) for row in speed.rows}
    local, ray = rate["local", f"{CORES}"], rate["ray", f"{CORES}"]
    start = max(_seconds(speed, "ray") - _seconds(speed, "local"), 0)
    return {
        "one": rate["ray", "1"] / rate["local", "1"],
        "both": ray / local,
        "start_s": start,
        "pays": Table.of(
            ("nodes", "pays from images"), [(f"{n}", pays(n, local, ray, start)) for n in NODES]
        ),
        "are_equal": all(row[-1] == EQUAL for row in tables["trouble"].rows),
        "are_few": all(_count(row[2]) <= _count(row[3]) for row in tables["trouble"].rows),
        "others": speed.numbers("other work"),
        "is_busy": is_busy,
    }


def pays(nodes: int, local: float, ray: float, start_s: float) -> str:
    """From how many images so many nodes with Ray are sooner ready than one machine without."""
    gain = 1 / local - 1 / (nodes * ray)
    return f"{start_s / gain:,.0f}" if gain > 0 else "never"


def _rate(row: tuple[str, ...]) -> float:
    """Images a second, without the start, which a batch of a few images shows."""
    images, clock, few = (float(row[at].replace(",", "")) for at in (2, 3, 5))
    return images / max(clock - few, 0.1)


def _seconds(speed: Table, engine: str) -> float:
    return next(float(row[5]) for row in speed.rows if row[0] == engine)


def _count(cell: str) -> int:
    return int(cell.replace(",", ""))


PAGE = Page(
    Path(__file__).with_name("ray"),
    "scale-ray.md",
    {"workers": CORES, "few": FEW},
    findings,
    script="-m studies.scale.on_ray",
)
