"""Patients whose rates are known exactly: each has a level, a width and a number of cells of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from normocyte.core.seeds import generator
from normocyte.core.types import Names, Scores
from normocyte.thresholds.contract import Threshold
from studies.error_rates.cells import names_of
from studies.error_rates.rules import cut_of
from studies.kit.common import Row

LEVEL, WIDTH, CELLS, UNEVEN = 0.45, 0.25, 60.0, 0.8
"""Standard deviation between patients of their level and of the logarithm of their width, as in NIH; the
middle number of cells of a patient, and the standard deviation of its logarithm."""
EVERYONE = 20_000
"""Patients of the population."""


def normal(rng: np.random.Generator, count: int) -> Scores:
    """Standard normal numbers."""
    return rng.standard_normal(count)


def exponential(rng: np.random.Generator, count: int) -> Scores:
    """Exponential numbers of mean 1."""
    return rng.standard_exponential(count)


def beyond_normal(place: Scores) -> Scores:
    """The probability of a standard normal number above each place."""
    return ndtr(-place)


def beyond_exponential(place: Scores) -> Scores:
    """The probability of an exponential number above each place."""
    return np.exp(-np.maximum(place, 0.0))


@dataclass(frozen=True)
class World:
    """How a patient's cells lie around its level, and the probability that one lies above a place."""

    drawn: Callable[[np.random.Generator, int], Scores]
    beyond: Callable[[Scores], Scores]


WORLDS = {"normal": World(normal, beyond_normal), "exponential": World(exponential, beyond_exponential)}


@dataclass(frozen=True)
class People:
    """The level and the width of each patient, (n,)."""

    levels: Scores
    widths: Scores

    @classmethod
    def born(cls, rng: np.random.Generator, count: int) -> People:
        """So many new patients."""
        return cls(rng.normal(0.0, LEVEL, count), np.exp(rng.normal(0.0, WIDTH, count)))

    def cells(self, world: World, rng: np.random.Generator, counts: np.ndarray) -> tuple[Scores, Names]:
        """So many cells of each patient, with its name."""
        rows = np.repeat(np.arange(len(counts)), counts)
        scores = self.levels[rows] + self.widths[rows] * world.drawn(rng, len(rows))
        return scores, names_of(rows)

    def rates(self, world: World, cuts: Scores) -> Scores:
        """The true rate of each patient at its cut."""
        return world.beyond((cuts - self.levels) / self.widths)


def simulated(rule: Threshold, world: World, rate: float, count: int, patients: int) -> Row:
    """The true rate of a new patient's cell in each draw of so many calibration patients."""
    everyone, truths = People.born(generator(0, "everyone"), EVERYONE), []
    for number in range(count):
        rng = generator(number, "simulated")
        counts = np.clip(np.exp(rng.normal(np.log(CELLS), UNEVEN, patients)), 5, 1000).astype(np.intp)
        cells = People.born(rng, patients).cells(world, rng, counts)
        cut = cut_of(rule, rate, *cells)
        truths.append(None if np.isnan(cut) else float(everyone.rates(world, np.full(1, cut)).mean()))
    return {"rate": truths}
