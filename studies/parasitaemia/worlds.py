"""Patients whose rates of false and true flags are known, and what a calibration has seen of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from normocyte.core.seeds import generator
from normocyte.core.types import Scores
from normocyte.parasitaemia.support.cut import Cut
from normocyte.parasitaemia.support.patients import Tally
from studies.error_rates.cells import FEW, Cells, Draw, Groups, Rows, draws
from studies.error_rates.rules import cut_of, rules
from studies.error_rates.simulated import CELLS, UNEVEN, WORLDS, People, World

RATES = (0.05, 0.01, 0.005, 0.002, 0.001)
"""False-positive rates that a cut is asked for."""
RULE = "quantile"
SHIFTS = {"normal": 4.0, "exponential": 7.0}
"""How many widths an infected cell of a simulated patient scores higher than a healthy one."""
NEW = 100
"""Test patients of a simulated calibration."""


@dataclass(frozen=True)
class Case:
    """One calibration at one rate: what it knows, and the true rates of the patients that it judges.

    `healthy` false-positive rates of all test patients; `false` and `true` rates of those whose smears may be
    infected; `own` cells and flagged cells of each test patient, all as they are, (patients, 2).
    """

    cut: Cut
    healthy: Scores
    false: Scores
    true: Scores
    own: Rows


Cases = dict[float, Case]
"""One for each rate."""


def drawn(cells: Cells, count: int, calibrating: int) -> Iterator[Cases]:
    """Real patients; the cells of a smear are drawn with replacement from the patient's own."""
    for draw in draws(count, cells.patients, calibrating):
        yield {rate: _real(cells, draw, rate, 0) for rate in RATES}


def redrawn(cells: Cells, count: int, calibrating: int) -> Iterator[Cases]:
    """The same, and the calibration has seen cells drawn with replacement as well."""
    for number, draw in enumerate(draws(count, cells.patients, calibrating)):
        yield {rate: _real(cells, draw, rate, number + 1) for rate in RATES}


def _real(cells: Cells, draw: Draw, rate: float, redraw: int) -> Case:
    cuts = np.full(cells.patients, cut_of(rules()[RULE], rate, *cells.calibration(draw.calibration, 0.0, 0)))
    shares = [_shares(own, cuts) for own in (cells.healthy, cells.infected)]
    tallies = [_tally(own, cuts, draw.calibration, redraw) for own in (cells.healthy, cells.infected)]
    infected = draw.test[cells.infected.sizes[draw.test] >= FEW]
    own = np.stack([cells.healthy.sizes, cells.healthy.above(cuts).astype(np.intp)], axis=1)[draw.test]
    rates = shares[0][draw.test], shares[0][infected], shares[1][infected]
    return Case(Cut(*tallies), *rates, own)


def _shares(own: Groups, cuts: Scores) -> Scores:
    return own.above(cuts) / np.maximum(own.sizes, 1)


def _tally(own: Groups, cuts: Scores, rows: Rows, redraw: int) -> Tally:
    rows = rows[own.sizes[rows] > 0]
    sizes, flagged = own.sizes[rows], own.above(cuts)[rows].astype(np.int64)
    if redraw:
        flagged = generator(redraw, "redrawn").binomial(sizes, flagged / sizes)
    return Tally(sizes, flagged)


def fitted(cells: Cells, count: int, calibrating: int) -> Iterator[Cases]:
    """Simulated patients whose rates have the distribution that the unseen patients together foretell."""
    population = {rate: _population(cells, rate) for rate in RATES}
    for number in range(count):
        yield {rate: _of_population(own, number, calibrating) for rate, own in population.items()}


def _population(cells: Cells, rate: float) -> Cut:
    cuts = np.full(cells.patients, np.quantile(cells.healthy.scores, 1 - rate))
    everyone = np.arange(cells.patients)
    return Cut(*(_tally(own, cuts, everyone, 0) for own in (cells.healthy, cells.infected)))


def _of_population(known: Cut, number: int, calibrating: int) -> Case:
    rng = generator(number, "fitted")
    tallies = []
    for rates, seen in ((known.false_rates, known.healthy), (known.true_rates, known.infected)):
        sizes = rng.choice(seen.cells, calibrating)
        own = rng.choice(rates.values, calibrating, p=rates.weights)
        tallies.append(Tally(sizes, rng.binomial(sizes, own)))
    false = rng.choice(known.false_rates.values, NEW, p=known.false_rates.weights)
    true = rng.choice(known.true_rates.values, NEW, p=known.true_rates.weights)
    return Case(Cut(*tallies), false, false, true, np.empty((0, 2), np.intp))


def simulated(name: str, count: int, calibrating: int) -> Iterator[Cases]:
    """Simulated patients with scores, whose level and width vary as between NIH patients."""
    world = WORLDS[name]
    for number in range(count):
        rng = generator(number, "simulated smears")
        counts = np.clip(np.exp(rng.normal(np.log(CELLS), UNEVEN, calibrating)), 5, 1000).astype(np.intp)
        people, new = People.born(rng, calibrating), People.born(rng, NEW)
        scores, names = people.cells(world, rng, counts)
        kinds = (
            (scores, names),
            people.cells(world, rng, counts)[0] + SHIFTS[name] * np.repeat(people.widths, counts),
        )
        yield {rate: _with_scores(world, rate, kinds, new, SHIFTS[name]) for rate in RATES}


def _with_scores(world: World, rate: float, kinds: tuple, new: People, shift: float) -> Case:
    (scores, names), infected = kinds
    cut = cut_of(rules()[RULE], rate, scores, names)
    _, codes, sizes = np.unique(names, return_inverse=True, return_counts=True)
    tallies = [Tally(sizes, np.bincount(codes, one > cut).astype(np.int64)) for one in (scores, infected)]
    false = new.rates(world, np.full(1, cut))
    true = People(new.levels + shift * new.widths, new.widths).rates(world, np.full(1, cut))
    return Case(Cut(*tallies), false, false, true, np.empty((0, 2), np.intp))
