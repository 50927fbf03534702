"""Whole fields drawn into smears: how often these are called infected, and hold what is annotated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from normocyte.core.seeds import generator
from normocyte.core.types import Estimate
from normocyte.parasitaemia.inverted_test import InvertedTest
from normocyte.parasitaemia.support.cut import Counts, Cut, critical
from studies.kit.tables import Table
from studies.parasitaemia.measures import LEVEL, SIZES
from studies.smears.cells import percent
from studies.smears.fields import plan_of
from studies.smears.judged import Judged

DRAWS = 200
COLUMNS = ("infected", "flagged", "critical", "called infected", "interval holds infected")


@dataclass(frozen=True)
class Pool:
    """Fields to draw from, and the bundle that judged them."""

    found: Judged
    bundle: Path

    @cached_property
    def with_cells(self) -> Judged:
        """The fields in which anything is counted."""
        return self.found.at(np.flatnonzero(self.found.cells > 0))


@dataclass(frozen=True)
class Drawn:
    """Smears of whole fields: cells, flagged cells, annotated cells and infected ones, (draws, 4)."""

    counts: np.ndarray

    @classmethod
    def of(cls, found: Judged, size: int, seeds: Iterable[int] = range(DRAWS)) -> Drawn:
        """Fields drawn with replacement, until a smear has so many cells."""
        own = np.stack([found.cells, found.flagged, found.annotated, found.infected], axis=1)
        many = int(np.ceil(4 * size / own[:, 0].mean())) + 10
        counts = []
        for number in seeds:
            sums = np.cumsum(own[generator(number, "fields").integers(0, len(own), many)], axis=0)
            counts.append(sums[np.searchsorted(sums[:, 0], size)])
        return cls(np.array(counts))

    @property
    def shares(self) -> np.ndarray:
        """The annotated infected share of each smear, (draws,)."""
        return self.counts[:, 3] / np.maximum(self.counts[:, 2], 1)

    def called(self, cut: Cut) -> float:
        """The share of smears with more flagged cells than a healthy one would give."""
        return float(
            np.mean([flagged >= critical(cut, int(cells), LEVEL) for cells, flagged, *_ in self.counts])
        )

    def held(self, cut: Cut) -> float:
        """The share of smears whose interval holds the annotated share."""
        pairs = zip((_interval(cut, *row[:2]) for row in self.counts), self.shares, strict=True)
        return float(np.mean([one.low <= share <= one.high for one, share in pairs]))


def _interval(cut: Cut, cells: int, flagged: int) -> Estimate:
    return InvertedTest().estimate(Counts(np.array([cells]), np.array([flagged]), cut))


def pools(found: Judged, name: str, bundle: Path) -> dict[str, Pool]:
    """The fields of a set without an annotated infected cell, all of them, and those with two or more."""
    return {
        f"{name}, no infected cell": Pool(found.at(np.flatnonzero(found.is_healthy)), bundle),
        f"{name}, any field": Pool(found, bundle),
        f"{name}, two infected cells or more": Pool(found.at(np.flatnonzero(found.infected > 1)), bundle),
    }


def drawn_table(given: dict[str, Pool]) -> Table:
    """A row for each set of fields and size of smear."""
    rows = []
    for name, pool in given.items():
        own, cut = pool.with_cells, plan_of(pool.bundle).cut
        for size in SIZES:
            rows.append([name, f"{size:,}", f"{len(own.fields)}", *_row(Drawn.of(own, size), cut, size)])
    return Table.of(("smears of", "cells", "fields", *COLUMNS), rows)


def _row(smears: Drawn, cut: Cut, size: int) -> list[str]:
    cells, flagged = smears.counts[:, 0], smears.counts[:, 1]
    return [
        percent(smears.shares.mean()),
        percent(flagged.sum() / cells.sum()),
        percent(critical(cut, size, LEVEL) / size),
        percent(smears.called(cut), 0),
        percent(smears.held(cut), 0),
    ]
