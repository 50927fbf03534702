"""Cells of patients whom a bundle never trained on, by patient, and random draws of these patients."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.files import write_bytes
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Names, Part, Scores
from normocyte.datasets.opening.detect import open_dataset
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.workflows.evaluation.examine import examine
from studies.kit.common import Lines

Rows = npt.NDArray[np.intp]
UNSEEN = (Part.CALIBRATION, Part.TUNING, Part.TEST)
FEW = 20
"""A patient with fewer healthy cells than this has no rate worth calling the worst."""


@dataclass(frozen=True)
class Groups:
    """Scores in any order and the number of the patient of each, both (n,)."""

    scores: Scores
    codes: Rows
    patients: int

    @cached_property
    def sizes(self) -> npt.NDArray[np.intp]:
        """How many scores each patient has, (patients,)."""
        return np.bincount(self.codes, minlength=self.patients)

    def above(self, cuts: Scores) -> npt.NDArray[np.float64]:
        """How many scores of each patient are above the patient's cut, (patients,)."""
        return np.bincount(self.codes, self.scores > cuts[self.codes], self.patients)

    def of(self, rows: Rows) -> tuple[Scores, Rows]:
        """All scores of these patients, one of them as often as it is named, and their places in `rows`."""
        own = [np.flatnonzero(self.codes == row) for row in rows]
        return self.scores[np.concatenate(own)], np.repeat(np.arange(len(rows)), [len(one) for one in own])


@dataclass(frozen=True)
class Cells:
    """Healthy cells by any label, and infected ones whose label nobody doubts, of the same patients."""

    healthy: Groups
    infected: Groups

    @classmethod
    def load(cls, place: Path) -> Cells:
        """The cells of a file that `score` has written."""
        with np.load(place) as held:
            scores, labels, doubtful = held["scores"], held["labels"], held["doubtful"]
            names, codes = np.unique(held["patients"], return_inverse=True)
        is_healthy = labels == HEALTHY
        is_sure = ~is_healthy & ~doubtful
        return cls(
            *(Groups(scores[mask], codes[mask], len(names)) for mask in (is_healthy, is_sure)),
        )

    @property
    def patients(self) -> int:
        """How many patients there are."""
        return self.healthy.patients

    def calibration(self, rows: Rows, level: float, seed: int) -> tuple[Scores, Names]:
        """Healthy cells of these patients, with so many per cent of their infected ones among them."""
        scores, places = self.healthy.of(rows)
        if level:
            infected, their = self.infected.of(rows)
            count = min(round(level / (100 - level) * len(scores)), len(infected))
            chosen = generator(seed, "dirt").permutation(len(infected))[:count]
            scores = np.concatenate([scores, infected[chosen]])
            places = np.concatenate([places, their[chosen]])
        return scores, names_of(places)


def names_of(places: Rows) -> Names:
    """A name for each number."""
    return np.array([f"{place:04d}" for place in range(int(places.max()) + 1)])[places]


@dataclass(frozen=True)
class Draw:
    """Which patients calibrate a rule and which are judged by it, as numbers."""

    calibration: Rows
    test: Rows


def draws(count: int, patients: int, calibrating: int) -> list[Draw]:
    """So many random divisions of the patients."""
    orders = [generator(number, "draws").permutation(patients) for number in range(count)]
    return [Draw(order[:calibrating], order[calibrating:]) for order in orders]


def draws_with_replacement(count: int, patients: int, calibrating: int) -> list[Draw]:
    """Calibration patients drawn from all as from a population, which then is known and judged in full."""
    everyone = np.arange(patients)
    chances = [generator(number, "population") for number in range(count)]
    return [Draw(chance.integers(0, patients, calibrating), everyone) for chance in chances]


def score(bundle: Path, data: Path, place: Path) -> None:
    """Write the scores of all cells of patients whom the bundle was not trained on, unless they are there."""
    if place.is_file():
        return
    held, dataset = load_bundle(bundle), open_dataset(data)
    unseen = held.facts.patients(*UNSEEN)
    records = [record for record in dataset.records() if record.patient in unseen]
    found = examine((held.pipeline,), records, Lines(), "Scoring")
    doubtful = dataset.doubtful()
    content = io.BytesIO()
    np.savez(
        content,
        scores=found.of(0),
        labels=found.labels,
        patients=found.patients,
        doubtful=[record.source.path.stem in doubtful for record in found.records],
    )
    write_bytes(place, content.getvalue())
