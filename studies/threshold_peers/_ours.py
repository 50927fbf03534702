"""Our own rules and lists, on the same scores by the same clock."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[2]))

from _catalogue import NO_RATE, RATES, SMEAR, Flags, Given, Job

from normocyte.thresholds.contract import conformal_p_values
from studies.error_rates.cells import names_of
from studies.error_rates.discoveries import procedures
from studies.error_rates.rules import fitted, has_rate, rules

ON_SMEARS = ("infected_quantile", "empirical_null")
"""Rules made for cells that nobody has labelled."""
LISTS = "list "


def jobs() -> dict[str, Job]:
    """Every rule that needs no labels by its name, and every list."""
    known = rules()
    found = {
        name: Job("ours", name, rates=RATES if has_rate(rule) else NO_RATE) for name, rule in known.items()
    }
    found |= {f"{name}, {SMEAR}": Job("ours", name, SMEAR, RATES) for name in ON_SMEARS if name in known}
    return found | {f"{LISTS}{name}": Job("ours", f"{LISTS}{name}") for name in procedures()}


def make(name: str) -> Flags:
    """What the rule flags, or the list holds."""
    return listed(name.removeprefix(LISTS)) if name.startswith(LISTS) else ruled(name)


def ruled(name: str) -> Flags:
    """What the rule flags; ValueError where it refuses."""
    rule = rules()[name]

    def flags(given: Given, test: np.ndarray) -> np.ndarray:
        one = fitted(rule, given.rate, given.scores, names_of(given.patients))
        if one is None:
            raise ValueError(f"{name} refuses {given.rate:g}")
        return one.decide(test)

    return flags


def listed(name: str) -> Flags:
    """What the procedure selects."""
    procedure = procedures()[name]

    def flags(given: Given, test: np.ndarray) -> np.ndarray:
        return np.asarray(procedure.select(conformal_p_values(test, np.sort(given.scores))))

    return flags
