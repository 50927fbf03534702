"""How often smears are called infected, and how often an interval holds the truth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from normocyte.core.registry import part_class, part_names
from normocyte.core.seeds import generator
from normocyte.core.types import Estimate
from normocyte.parasitaemia.support.cut import Counts, Cut, critical
from normocyte.parasitaemia.support.plan import Plan
from studies.kit.common import Row
from studies.parasitaemia.worlds import RATES, Case, Cases

SIZES = (500, 2000, 10_000)
USUAL = 2000
SHARES = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1)
LEVEL = 0.05
SMEARS = 20
"""Smears of each test patient, for how often they are called infected."""
JUDGED = 3
"""Smears of each parasitaemia and calibration whose interval is looked at."""
CHOSEN = "chosen"
PRECISION = 1.02


def estimators() -> dict[str, Any]:
    """Every estimator of the room by name."""
    return {name: part_class("parasitaemia", name)() for name in part_names("parasitaemia")}


def measured(world: Iterable[Cases]) -> Row:
    """All figures of a world: for each rate, and for the one that each calibration itself would choose."""
    rows: dict[str, list[Row]] = {f"{rate:g}": [] for rate in RATES}
    choices = []
    for number, cases in enumerate(world):
        for rate, case in cases.items():
            rows[f"{rate:g}"].append(_of(case, number))
        choices.append(min(rows, key=lambda name: _order(rows[name][-1]["detectable"])))
    found = {name: _merged(own) for name, own in rows.items()}
    found[CHOSEN] = _merged([rows[name][number] for number, name in enumerate(choices)])
    found["choices"] = {name: choices.count(name) for name in rows}
    return found


def _order(detectable: float | None) -> float:
    return 2.0 if detectable is None else detectable


def _detectable(plan: Plan, cells: int) -> float:
    """The least parasitaemia that so many cells detect, within 2 %; NaN where they detect none."""
    if plan.chance(1 - 1e-9, cells) < plan.probability:
        return float("nan")
    low, high = 1e-6, 1.0
    while high > low * PRECISION:
        middle = float(np.sqrt(low * high))
        is_seen = plan.chance(middle, cells) >= plan.probability
        low, high = (low, middle) if is_seen else (middle, high)
    return high


def _of(case: Case, number: int) -> Row:
    rng = generator(number, "smears")
    least = {size: critical(case.cut, size, LEVEL) for size in SIZES}
    called = {
        f"{size}": {
            f"{share:g}": float(np.mean(_flagged(case, share, size, SMEARS, rng) >= least[size]))
            for share in SHARES
        }
        for size in SIZES
    }
    detectable = _detectable(Plan(case.cut), USUAL)
    return {
        "called": called,
        "own": [float(flagged >= _least(case.cut, int(cells))) for cells, flagged in case.own],
        "detectable": None if np.isnan(detectable) else detectable,
        "intervals": _intervals(case, rng),
    }


@lru_cache(maxsize=256)
def _critical_of(key: int, cells: int) -> int:
    return critical(_CUTS[key], cells, LEVEL)


_CUTS: dict[int, Cut] = {}


def _least(cut: Cut, cells: int) -> int:
    """The critical number, once for each cut and number of cells."""
    _CUTS[id(cut)] = cut
    return _critical_of(id(cut), cells)


def _flagged(case: Case, share: float, size: int, smears: int, rng: np.random.Generator) -> np.ndarray:
    """Flagged cells of so many smears of each patient, (smears, patients)."""
    rates = case.healthy if share == 0 else (1 - share) * case.false + share * case.true
    return rng.binomial(size, rates, (smears, len(rates)))


def _intervals(case: Case, rng: np.random.Generator) -> Row:
    """For each estimator and parasitaemia: whether the interval held it, and how wide it was."""
    found: Row = {name: {} for name in estimators()}
    for share in SHARES:
        flagged = rng.choice(_flagged(case, share, USUAL, 1, rng)[0], JUDGED)
        for name, estimator in estimators().items():
            given = [_estimated(estimator, case.cut, int(one)) for one in flagged]
            found[name][f"{share:g}"] = [
                [float(one.low <= share <= one.high), one.high - one.low] for one in given
            ]
    return found


def _estimated(estimator: Any, cut: Cut, flagged: int) -> Estimate:
    return estimator.estimate(Counts(np.array([USUAL]), np.array([flagged]), cut))


def _merged(rows: list[Row]) -> Row:
    """The figures of all calibrations as one."""
    planned = [row["detectable"] for row in rows if row["detectable"] is not None]
    own = [value for row in rows for value in row["own"]]
    return {
        "called": {
            f"{size}": {
                f"{share:g}": float(np.mean([row["called"][f"{size}"][f"{share:g}"] for row in rows]))
                for share in SHARES
            }
            for size in SIZES
        },
        "own": float(np.mean(own)) if own else None,
        "detectable": float(np.median(planned)) if len(planned) > len(rows) / 2 else None,
        "intervals": {name: _merged_intervals(rows, name) for name in estimators()},
    }


def _merged_intervals(rows: list[Row], name: str) -> Row:
    shares = [f"{share:g}" for share in SHARES]
    held = {
        share: np.array([pair for row in rows for pair in row["intervals"][name][share]]) for share in shares
    }
    return {
        share: {"held": float(own[:, 0].mean()), "width": float(np.median(own[:, 1]))}
        for share, own in held.items()
    }
