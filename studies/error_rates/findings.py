"""What the page on error rates says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import Any

from scipy.special import ndtr

from normocyte.core.registry import part_class
from studies.error_rates.cells import FEW
from studies.error_rates.discoveries import PREVALENCES, SMEAR_CELLS
from studies.error_rates.page import CLEARLY
from studies.error_rates.rules import LEVELS
from studies.error_rates.simulated import CELLS, EVERYONE, WORLDS
from studies.kit.measured import Page, Tables
from studies.kit.tables import Table

DIRT = (0, 1, 5, 10)
DIRTY_RATE = 0.01
MANY = 100_000
ABOUT_HALF = (35.0, 65.0)
"""Per cent of the draws above the asked rate in a rule that is right on average."""


def asked(rate: float) -> str:
    """A rate as the tables write it."""
    return f"{100 * rate:g} %"


def patients_for(rate: float) -> int:
    """How many patients the hierarchical threshold needs for a rate."""
    return ceil(1 / rate - 1 - 1e-9)


def lost(before: float, after: float) -> str:
    """By how many per cent of itself a number has fallen."""
    return f"{100 * (1 - after / before):.0f}"


def worst_off(table: Table, rule: str) -> str:
    """By how many per cent of the level the shares of p-values are off, at most."""
    off = (abs(table.number(rule, f"p ≤ {asked(level)}") / (100 * level) - 1) for level in LEVELS)
    return f"{100 * max(off):.0f}"


def findings(tables: Tables) -> dict[str, Any]:
    """Which rules are right on average, above or below; how uniform p-values are."""
    real = [tables[f"asked {asked(rate)}"] for rate in LEVELS[:2]]
    low, high = ABOUT_HALF
    half = [set(one.where("above", lambda share: low <= share <= high)) for one in real]
    high_lists = ("lists many patients", "lists one patient")
    return {
        "on_average": sorted(half[0] & half[1]),
        "mostly_above": real[1].where("above", lambda share: share > high),
        "off": worst_off(tables["p-values"], "hierarchical_conformal"),
        "lists_kept": {
            name: [most_healthy(tables[kind], name) for kind in high_lists]
            for name in tables[high_lists[0]].names()
        },
    }


def most_healthy(table: Table, name: str) -> float:
    """The highest share of healthy cells in a procedure's lists over the prevalences, in per cent."""
    return max(table.number(name, f"{prevalence} %: FDP") for prevalence in PREVALENCES)


PAGE = Page(
    Path(__file__).with_name("page"),
    "error-rates.md",
    {
        "levels": [asked(rate) for rate in LEVELS],
        "confidence": asked(1 - part_class("thresholds", "calibration_conditional")().delta),
        "allowed": 100 * part_class("thresholds", "calibration_conditional")().delta,
        "listed_healthy": 100 * part_class("false_discovery", "storey")().false_discovery_rate,
        "needs": {asked(rate): patients_for(rate) for rate in LEVELS},
        "clearly": CLEARLY,
        "chance": f"1 in {1 / ndtr(-CLEARLY):.0f}",
        "few": FEW,
        "usual": f"{CELLS:g}",
        "everyone": f"{EVERYONE:,}",
        "worlds": list(WORLDS),
        "dirt": DIRT,
        "many": f"{MANY:,}",
        "dirty_rate": asked(DIRTY_RATE),
        "smear_cells": f"{SMEAR_CELLS:,}",
        "prevalences": PREVALENCES,
        "lost": lost,
    },
    findings,
)
