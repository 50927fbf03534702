"""Learns from real fields within which limits a measure is good, and within which it is usable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from normocyte.photo_checks.contract import Limits
from normocyte.photo_checks.gate import Finding, finding_of

Values = npt.NDArray[np.float64]

GOOD, USABLE = 0.01, 0.005
STRICT, MARGIN, WIDE, COUNTED, EVENED = 1.0, 1.25, 1.5, 2.0, 4.0
"""Wide where two laboratories differ most; a segmenter counts otherwise than the rough look of the room, and
evens the light out, so that much more unevenness than two good microscopes have can be borne."""
_DIGITS = 2


@dataclass(frozen=True)
class Rule:
    """How the limits of a measure come about: which sides are limited, and the margin of `usable`.

    The margin divides the lowest and multiplies the highest value above `least`. `chosen` limits are not
    learnt: no real field of the sets is burnt or black. A strict measure has its usable limits as good ones.
    """

    has_low: bool = True
    has_high: bool = True
    margin: float = MARGIN
    least: float = 0.0
    most: float = np.inf
    chosen: tuple[Limits, Limits] | None = None
    is_strict: bool = False

    def how(self) -> str:
        """The rule in words."""
        if self.chosen:
            return "chosen"
        sides = " and ".join(
            word for word, is_on in (("low", self.has_low), ("high", self.has_high)) if is_on
        )
        return f"{sides}, x {self.margin:g}" + (f" of what is above {self.least:g}" if self.least else "")


RULES = {
    "sharpness": Rule(),
    "grain": Rule(has_low=False, margin=WIDE),
    "brightness": Rule(has_high=False),
    "burnt": Rule(chosen=((0.0, 0.02), (0.0, 0.25))),
    "black": Rule(chosen=((0.0, 0.02), (0.0, 0.1))),
    "density": Rule(margin=WIDE),
    "red_share": Rule(has_low=False),
    "blue_share": Rule(margin=WIDE),
    "unevenness": Rule(has_low=False, least=1.0, margin=EVENED),
    "cells": Rule(margin=COUNTED),
    "coverage": Rule(most=0.9),
    "roundness": Rule(has_high=False),
    "two_tones": Rule(has_high=False),
    "ground": Rule(),
    "pattern": Rule(has_low=False, margin=WIDE),
    "grid": Rule(has_low=False, margin=WIDE),
    "circles": Rule(has_high=False, margin=STRICT, is_strict=True),
    "sizes": Rule(has_low=False, margin=STRICT, is_strict=True),
    "found": Rule(chosen=((1.0, np.inf), (1.0, np.inf))),
}


def learnt(name: str, labs: Sequence[Values]) -> tuple[Limits, Limits]:
    """The limits of `good` and `usable` from what the fields of each laboratory measure.

    The lowest and highest over the laboratories of their 1 and 99 % quantiles, and of their 0.5 and 99.5 %
    quantiles with the margin, rounded outwards to two digits.
    """
    rule = RULES[name]
    if rule.chosen:
        return rule.chosen
    usable = _limits(rule, labs, USABLE, rule.margin)
    return usable if rule.is_strict else _limits(rule, labs, GOOD, 1.0), usable


def _limits(rule: Rule, labs: Sequence[Values], tail: float, margin: float) -> Limits:
    low = min(float(np.quantile(values, tail)) for values in labs) - rule.least
    high = max(float(np.quantile(values, 1 - tail)) for values in labs) - rule.least
    lowest = _rounded(low / margin, np.floor) + rule.least if rule.has_low else rule.least
    highest = min(_rounded(high * margin, np.ceil) + rule.least, rule.most) if rule.has_high else np.inf
    return lowest, highest


def _rounded(value: float, way: np.ufunc) -> float:
    """To two digits, up or down."""
    unit = 10.0 ** (np.floor(np.log10(max(value, 1e-9))) - _DIGITS + 1)
    return float(np.round(way(value / unit) * unit, 9))


def graded(findings: Sequence[Finding], limits: Mapping[str, tuple[Limits, Limits]]) -> list[Finding]:
    """The same photos by other limits."""
    return [
        finding_of(
            [
                replace(measure, good=limits[measure.name][0], usable=limits[measure.name][1])
                for measure in finding.measures
            ]
        )
        for finding in findings
    ]


def all_limits(labs: Sequence[Sequence[Finding]]) -> dict[str, tuple[Limits, Limits]]:
    """The limits of every measure, learnt from the photos of each laboratory."""
    return {name: learnt(name, [column(own, name) for own in labs]) for name in RULES}


def column(findings: Sequence[Finding], name: str) -> Values:
    """One measure of all photos, (n,)."""
    return np.array([m.value for finding in findings for m in finding.measures if m.name == name])
