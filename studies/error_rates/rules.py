"""What every rule that needs no labelled anomaly really gives, over many draws of patients."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.registry import part_class, part_names
from normocyte.core.seeds import generator
from normocyte.core.types import Names, Scores
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration
from studies.error_rates.cells import FEW, Cells, Draw, Rows, names_of
from studies.kit.common import Row

LEVELS = (0.05, 0.01, 0.005)
NAN = float("nan")


def rules() -> dict[str, Threshold]:
    """Every rule of the room that needs no labels, as it is without options, by name."""
    classes: dict[str, Any] = {name: part_class("thresholds", name) for name in part_names("thresholds")}
    return {name: rule() for name, rule in classes.items() if not rule.uses_labels}


def has_rate(rule: Threshold) -> bool:
    """Whether the rule can be asked for a rate."""
    return any(field.name == "false_positive_rate" for field in fields(rule))


def has_p_values(rule: Threshold) -> bool:
    """Whether the rule has p-values of its own."""
    return type(rule).p_values is not Threshold.p_values


def at(rule: Threshold, rate: float) -> Threshold:
    """The rule at this rate, or as it is when it knows none; ConfigError when it cannot have this one."""
    return rule.at_rate(rate) if has_rate(rule) else rule


def fitted(rule: Threshold, rate: float, scores: Scores, patients: Names) -> Threshold | None:
    """The rule fitted on these healthy cells; None where it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            one = at(rule, rate)
            one.fit(scores, patients, np.zeros(len(scores), np.int8))
        except (ConfigError, TrainingError):
            return None
    return one


def cut_of(rule: Threshold, rate: float, scores: Scores, patients: Names) -> float:
    """The cut of the rule fitted on these healthy cells; NaN where it refuses."""
    one = fitted(rule, rate, scores, patients)
    return NAN if one is None else one.cut


def realised(rule: Threshold, cells: Cells, chosen: Iterable[Draw], rate: float, level: float = 0.0) -> Row:
    """What the rule gives at this rate in each draw, with so many per cent of infected cells unnoticed."""
    rows = []
    for number, draw in enumerate(chosen):
        healthy = cells.calibration(draw.calibration, level, number)
        cuts = np.full(cells.patients, cut_of(rule, rate, *healthy))
        rows.append(judged(cells, cuts, draw.test))
    return {name: [row[name] for row in rows] for name in rows[0]}


def judged(cells: Cells, cuts: Scores, test: Rows) -> Row:
    """The figures of the test patients, each patient counting as one; None where the rule refused."""
    test = test[np.isfinite(cuts[test]) & (cells.healthy.sizes[test] > 0)]
    if not len(test):
        return dict.fromkeys(("rate", "cells", "worst", "error", "recall"))
    counts, sizes = cells.healthy.above(cuts)[test], cells.healthy.sizes[test]
    shares, found = counts / sizes, cells.infected.above(cuts)[test].sum()
    return {
        "rate": float(shares.mean()),
        "cells": float(counts.sum() / sizes.sum()),
        "worst": float(shares[sizes >= FEW].max(initial=0.0)),
        "error": float(shares.std(ddof=1) / np.sqrt(len(test))) if len(test) > 1 else 0.0,
        "recall": float(found / max(cells.infected.sizes[test].sum(), 1)),
    }


def p_value_rates(rule: Threshold, cells: Cells, chosen: Iterable[Draw]) -> Row:
    """The share of healthy cells of new patients with a p-value up to each level, in each draw."""
    rows = [list(_shares_up_to(rule, cells, draw)) for draw in chosen]
    return {f"{level:g}": own for level, own in zip(LEVELS, map(list, zip(*rows, strict=True)), strict=True)}


def _shares_up_to(rule: Threshold, cells: Cells, draw: Draw) -> Iterable[float | None]:
    calibration = cells.calibration(draw.calibration, 0.0, 0)
    scores, places = cells.healthy.of(draw.test)
    names = names_of(places)
    one = fitted(rule, LEVELS[0], *calibration)
    if one is None:
        return [None] * len(LEVELS)
    found = one.p_values(scores, Calibration.of(*calibration), names)
    sizes = np.bincount(places)
    return [float((np.bincount(places, found <= level) / sizes).mean()) for level in LEVELS]


def mixed(cells: Cells, rows: Rows, prevalence: float, count: int, seed: int) -> tuple[Scores, Scores]:
    """A smear of so many cells drawn with replacement from these patients: scores, and 1 where infected."""
    rng = generator(seed, "smear")
    infected = rng.random(count) < prevalence
    kinds = [rng.choice(own.of(rows)[0], count) for own in (cells.healthy, cells.infected)]
    return np.where(infected, kinds[1], kinds[0]), infected
