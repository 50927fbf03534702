"""Lists of suspicious cells: how many of a list are healthy, and how many infected cells it holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from normocyte.core.registry import part_class, part_names
from normocyte.core.types import Scores
from normocyte.thresholds.contract import conformal_p_values
from studies.error_rates.cells import Cells, draws
from studies.error_rates.rules import mixed
from studies.kit.common import Row

FAMILY = "false_discovery"
PREVALENCES = (1, 3, 5)
SMEAR_CELLS = 2000
KINDS = {"many patients": slice(None), "one patient": slice(1)}
"""Whose cells a smear has: of all infected test patients of the draw together, or of one of them."""


def procedures() -> dict[str, Any]:
    """Every procedure that selects cells, as it is without options, by name."""
    classes: dict[str, Any] = {name: part_class(FAMILY, name) for name in part_names(FAMILY)}
    return {name: one() for name, one in classes.items() if hasattr(one, "select")}


def discoveries(procedure: Any, cells: Cells, kind: str, smears: int, calibrating: int) -> Row:
    """At each prevalence the false-discovery proportion and the power in each smear."""
    found: Row = {f"{prevalence}": {"fdp": [], "power": []} for prevalence in PREVALENCES}
    for number, draw in enumerate(draws(smears, cells.patients, calibrating)):
        calibration = np.sort(cells.healthy.of(draw.calibration)[0])
        infected = draw.test[cells.infected.sizes[draw.test] > 0]
        for prevalence, own in zip(PREVALENCES, found.values(), strict=True):
            smear = mixed(cells, infected[KINDS[kind]], prevalence / 100, SMEAR_CELLS, number)
            for name, value in _outcome(procedure, *smear, calibration).items():
                own[name].append(value)
    return found


def _outcome(procedure: Any, scores: Scores, infected: np.ndarray, calibration: Scores) -> dict[str, float]:
    chosen = procedure.select(conformal_p_values(scores, calibration))
    hits = int((chosen & infected).sum())
    listed, there = int(chosen.sum()), int(infected.sum())
    return {"fdp": (listed - hits) / max(listed, 1), "power": hits / max(there, 1)}
