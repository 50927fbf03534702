"""The numbers of images that shortcut baselines look at, and the scores that these make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.progress import Progress
from normocyte.core.registry import part_class, part_name, part_names
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Floats, Labels, Names, Numbers, Record, Scores, Source, Table
from normocyte.engine.pool import over_chunks, read_all_stored
from normocyte.shortcuts.contract import FEWEST_HEALTHY, Shortcut
from normocyte.shortcuts.support.discriminant import Discriminant

Measured = tuple[Floats, ...]
"""The numbers of one image, for each baseline in the order of their names."""

MOST_LEARNT = 1000
"""Of more healthy images the baselines learn from so many, drawn at random."""
FOLDS = 5
TASK = "Measuring shortcuts"


def baselines() -> list[Shortcut]:
    """Every baseline, by name; none has learnt anything."""
    return [part_class("shortcuts", name)() for name in part_names("shortcuts")]


def measured(images: Sequence[StoredImage]) -> list[Measured]:
    """The numbers of each image."""
    parts = baselines()
    return [tuple(np.asarray(part.measure(image), np.float32) for part in parts) for image in images]


@dataclass(frozen=True)
class Learnt:
    """Healthy images that baselines learn from: the numbers and the patient of each."""

    measured: tuple[Measured, ...] = ()
    patients: tuple[str, ...] = ()


def learnt(records: Sequence[Record], progress: Progress, seed: int = 0) -> Learnt:
    """Some of these healthy images, at most 1,000, as far as they can be read."""
    some = few_of(records, seed)
    if some:
        progress.begin(TASK, len(some))
    sources = [record.source for record in some]
    rows = [row for chunk in over_chunks(measure_readable, sources, progress) for row in chunk]
    pairs = [(row, record.patient) for row, record in zip(rows, some, strict=True) if row]
    return Learnt(tuple(row for row, _ in pairs), tuple(patient for _, patient in pairs))


def few_of(records: Sequence[Record], seed: int) -> list[Record]:
    """At most 1,000 of these, in their order."""
    if len(records) <= MOST_LEARNT:
        return list(records)
    rows = generator(seed, "shortcuts").choice(len(records), MOST_LEARNT, replace=False)
    return [records[row] for row in np.sort(rows)]


def measure_readable(sources: Sequence[Source]) -> list[Measured]:
    """The numbers of each image; nothing for one that cannot be read."""
    images, faults = read_all_stored(sources)
    rows = iter(measured(images))
    return [() if source in faults else next(rows) for source in sources]


@dataclass(frozen=True)
class Judge:
    """A baseline by name, and whether it is fitted with labels."""

    name: str
    uses_labels: bool


@dataclass(frozen=True)
class Measures:
    """Test images of one split, each (n,), their numbers, and the healthy images to learn from."""

    labels: Labels
    patients: Names
    measured: tuple[Measured, ...]
    learnt: Learnt

    @property
    def is_learnt_before(self) -> bool:
        """False where healthy images of the test itself have to say what is usual."""
        return len(self.learnt.measured) >= FEWEST_HEALTHY

    @property
    def healthy(self) -> int:
        """How many healthy images the baselines learn from."""
        own = int(np.count_nonzero(self.labels == HEALTHY))
        return len(self.learnt.measured) if self.is_learnt_before else own

    def scores(self) -> dict[Judge, Scores]:
        """The score (n,) of each baseline that can say something of these images, fitted in each way."""
        return {**self._distances(), **self._discriminants()}

    def _distances(self) -> dict[Judge, Scores]:
        """Of those that are fitted on healthy images only."""
        found: dict[Judge, Scores] = {}
        for part, test, before in self._known():
            judge = Judge(part_name(part), uses_labels=False)
            if self.is_learnt_before:
                part.fit(before)
                found[judge] = part.score(test)
            elif not part.is_of_the_split:
                found[judge] = _by_others(part, test, self.labels, _folds(self.patients))
        return found

    def _discriminants(self) -> dict[Judge, Scores]:
        """Of those that are fitted with labels."""
        fold = _folds(self.patients)
        return {
            Judge(part_name(part), uses_labels=True): _by_labels(test, self.labels, fold)
            for part, test, _ in self._known()
            if not part.is_of_the_split
        }

    def _known(self) -> Iterator[tuple[Shortcut, Table, Table]]:
        """Each baseline whose numbers all images have, with those of test and of learnt images."""
        for index, part in enumerate(baselines()):
            test, before = _table(self.measured, index), _table(self.learnt.measured, index)
            if np.isfinite(test).all() and np.isfinite(before).all():
                yield part, test, before


def _table(rows: Sequence[Measured], index: int) -> Table:
    """The numbers for one baseline, (n, numbers)."""
    if not rows:
        return np.empty((0, 1))
    return np.array([row[index] for row in rows], np.float64)


def _by_others(part: Shortcut, test: Table, labels: Labels, fold: Numbers) -> Scores:
    """Each image by what is usual among healthy images of the other folds."""
    scores = np.zeros(len(test))
    for own in range(FOLDS):
        others = test[(fold != own) & (labels == HEALTHY)]
        if len(others):
            part.fit(others)
            scores[fold == own] = part.score(test[fold == own])
    return scores


def _by_labels(test: Table, labels: Labels, fold: Numbers) -> Scores:
    """Each image by the discriminant of healthy and anomalous images of the other folds."""
    scores = np.zeros(len(test))
    for own in range(FOLDS):
        others = fold != own
        if others.any():
            scores[fold == own] = Discriminant.of(test[others], labels[others]).score(test[fold == own])
    return scores


def _folds(patients: Names) -> Numbers:
    """Which of five groups of patients each image is in, (n,)."""
    names, owner = np.unique(patients, return_inverse=True)
    dealt = generator(0, "folds of shortcuts").permutation(len(names)) % FOLDS
    return np.asarray(dealt[owner], np.intp)
