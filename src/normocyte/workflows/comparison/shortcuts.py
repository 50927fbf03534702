"""Shortcut baselines beside every configuration of a comparison, on the same test images of each seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Part, Record, Rows, Scores, Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.engine.pool import over_chunks
from normocyte.engine.shortcuts.beside import contrasts_of, draws_for, rows_beside, too_few, varied
from normocyte.engine.shortcuts.measured import (
    TASK,
    Judge,
    Learnt,
    Measured,
    Measures,
    few_of,
    measure_readable,
)
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.differences.paired import Cells, Drawn, Draws, drawn
from normocyte.results.comparison import Beside
from normocyte.results.shortcuts import Shortcuts
from normocyte.shortcuts.contract import FEWEST_HEALTHY
from normocyte.workflows.comparison.run import Outcome

_Found = Mapping[Source, Measured]


@dataclass(frozen=True)
class _Seed:
    """One seed: the test cells that all configurations could judge, with the scores of each baseline."""

    rows: Rows
    measures: Measures
    scores: dict[Judge, Scores]

    def cells(self, scores: Scores) -> Cells:
        """Labels and patients with these scores."""
        return Cells(scores, self.measures.labels, self.measures.patients)


def shortcuts_beside_each(
    outcomes: Sequence[Outcome],
    cohort: Cohort,
    tests: Sequence[Sequence[Record]],
    rows: Sequence[Rows],
    progress: Progress,
) -> tuple[Beside, ...]:
    """The baselines beside each of these configurations; `rows` are the test cells that all could judge."""
    if not outcomes:
        return ()
    seeds = _seeds(
        cohort, [[test[row] for row in own] for test, own in zip(tests, rows, strict=True)], rows, progress
    )
    healthy = min(seed.measures.healthy for seed in seeds)
    if healthy < FEWEST_HEALTHY:
        none = Shortcuts(healthy=healthy, why_not=too_few(healthy))
        return tuple(Beside(one.named.name, none) for one in outcomes)
    return _beside(outcomes, seeds)


def _seeds(
    cohort: Cohort, tests: Sequence[Sequence[Record]], rows: Sequence[Rows], progress: Progress
) -> list[_Seed]:
    """The numbers of these cells and of healthy ones to learn from, each image read once for all seeds."""
    healthy = [few_of(_learning(cohort, seed), seed) for seed in range(len(tests))]
    every = list(dict.fromkeys(one.source for part in (*tests, *healthy) for one in part))
    progress.begin(TASK, len(every))
    numbers = (row for chunk in over_chunks(measure_readable, every, progress) for row in chunk)
    found = dict(zip(every, numbers, strict=True))
    measures = [_measures(*records, found) for records in zip(tests, healthy, strict=True)]
    return [_Seed(own, one, one.scores()) for own, one in zip(rows, measures, strict=True)]


def _learning(cohort: Cohort, seed: int) -> list[Record]:
    """The healthy images that configurations learn from with this seed."""
    split = cohort.split(Fractions(), seed, Protocol.MIXED)
    return [one for part in (Part.TRAIN, Part.HELD_OUT) for one in split.part(part) if one.label == HEALTHY]


def _measures(test: Sequence[Record], healthy: Sequence[Record], found: _Found) -> Measures:
    learnt = [(found[one.source], one.patient) for one in healthy if found[one.source]]
    return Measures(
        np.array([one.label for one in test], np.int8),
        np.array([one.patient for one in test], np.str_),
        tuple(found[one.source] for one in test),
        Learnt(tuple(row for row, _ in learnt), tuple(patient for _, patient in learnt)),
    )


def _beside(outcomes: Sequence[Outcome], seeds: Sequence[_Seed]) -> tuple[Beside, ...]:
    """The mean over seeds of each baseline and each configuration, under the same draws of patients."""
    draws = draws_for([seed.measures.patients for seed in seeds])
    common = [judge for judge in seeds[0].scores if all(judge in seed.scores for seed in seeds)]
    every = {judge: [seed.scores[judge] for seed in seeds] for judge in common}
    found, alike = varied(every)
    areas = {judge: _area(scores, seeds, draws) for judge, scores in found.items()}
    measures = contrasts_of(seeds[0].measures)
    beside = []
    for one in outcomes:
        scores = [
            run.scores[np.searchsorted(run.rows, seed.rows)]
            for run, seed in zip(one.runs, seeds, strict=True)
        ]
        own = _area(scores, seeds, draws)
        first = seeds[0].measures
        shortcuts = Shortcuts(
            rows_beside(own, areas), measures, own.estimate(), first.healthy, first.is_learnt_before, alike
        )
        beside.append(Beside(one.named.name, shortcuts))
    return tuple(beside)


def _area(scores: Sequence[Scores], seeds: Sequence[_Seed], draws: Draws) -> Drawn:
    cells = [seed.cells(own) for seed, own in zip(seeds, scores, strict=True)]
    return drawn(cells, [Auroc()], draws)[0]
