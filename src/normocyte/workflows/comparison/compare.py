"""Compare: several configurations, the same patients, several seeds; tables, a page, every run kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.core.types import Part, Record, Rows
from normocyte.core.words import IMAGES
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.engine.unreadable import InPart, check_readable, learning_parts, unreadable_words
from normocyte.pipeline.recipe.sweep import Named, find_recipes
from normocyte.reports.comparison.write import write_comparison
from normocyte.results.comparison import Comparison, Measured, Row
from normocyte.workflows.comparison.figures import (
    MAIN,
    SeedCells,
    common_rows,
    compared_metrics,
    mean_costs,
    measured,
    seed_cells,
)
from normocyte.workflows.comparison.run import (
    Done,
    Listen,
    Outcome,
    all_runs,
    cells_of_seed,
    need_test_cells,
)
from normocyte.workflows.comparison.shortcuts import shortcuts_beside_each
from normocyte.workflows.comparison.thresholds import threshold_notes
from normocyte.workflows.comparison.words import facts_of, notes_of, parts_of

RUNS = "runs"

Figures = tuple[tuple[Measured, ...], tuple[Measured, ...]]


@dataclass(frozen=True)
class CompareRequest:
    """What is to be compared: the configurations by name, how many seeds, and with which to compare."""

    named: tuple[Named, ...]
    seeds: int
    reference: str

    @classmethod
    def of(cls, names: Sequence[str], seeds: int = 3, reference: str = "") -> CompareRequest:
        """Every recipe that these files or names hold; without a reference, it is the first of them.

        ConfigError for a name that stands twice and for a reference that is none of them.
        """
        named = tuple(one for name in names for one in find_recipes(name))
        known = [one.name for one in named]
        twice = [name for name, count in Counter(known).items() if count > 1]
        if twice:
            raise ConfigError(f"{_listed(twice)} would be compared twice; give every configuration once.")
        if reference and reference not in known:
            raise ConfigError(
                f"The reference '{reference}' is none of the configurations. "
                f"Choose one of: {', '.join(known)}."
            )
        return cls(named, seeds, reference or known[0])


@dataclass(frozen=True)
class Compared:
    """What was found, where the page is, and how many runs were there already."""

    contents: Comparison
    page: Path
    kept: int


def compare(
    request: CompareRequest, cohort: Cohort, out: Path, listen: Listen, find: FindCopies = with_copies
) -> Compared:
    """Train and judge what is not there yet, and write the comparison into `out`.

    A run that is there is not repeated, as long as its recipe, its seed and the data set are the same. A
    configuration that fails is a row with its reason; the others go on. Raises DatasetError when a split is
    impossible or lacks a kind of cell, and Interrupted when the user stops it. A picture that stands twice in
    the set counts once; `find` finds them.
    """
    if out.exists():
        make_folder(out)  # what cannot be written is better known before the work than after it
    with listen("The data set") as progress:
        cohort = find(cohort, progress)
        tests = [cells_of_seed(cohort, seed) for seed in range(request.seeds)]
        for test in tests:
            need_test_cells(test or cohort.records)
        check_readable(cohort, _parts_needed(request.named, cohort, request.seeds))
        progress.tell(unreadable_words(cohort))
    make_folder(out)
    done = all_runs(request.named, cohort, tests, out / RUNS, listen)
    with listen("Comparing") as progress:
        contents = _contents(request, cohort, tests, done, progress)
    return Compared(contents, write_comparison(contents, out), done.kept)


def _parts_needed(named: Sequence[Named], cohort: Cohort, seeds: int) -> Iterator[InPart]:
    """The parts of each seed that every configuration learns from or is judged on."""
    uses_labels = all(one.recipe.threshold.uses_labels for one in named)
    for seed in range(seeds):
        parts = cohort.split(Fractions(), seed, Protocol.MIXED)
        yield from (*learning_parts(parts, uses_labels=uses_labels), (Part.TEST, parts.part(Part.TEST)))


def _contents(
    request: CompareRequest,
    cohort: Cohort,
    records: Sequence[Sequence[Record]],
    done: Done,
    progress: Progress,
) -> Comparison:
    tests = [seed_cells(cohort, test) for test in records]
    finished = [one for one in done.outcomes if not one.failure]
    rows = (
        common_rows([one.runs for one in finished])
        if finished
        else [np.arange(len(test.labels)) for test in tests]
    )
    figures = _figures(request.reference, finished, tests, rows, progress)
    left_out = sum(len(test.labels) - len(own) for test, own in zip(tests, rows, strict=True))
    words = cohort.words.or_else(IMAGES)
    contents = Comparison(
        metrics=tuple(shown for shown, _ in compared_metrics()),
        rows=tuple(_row(one, figures.get(one.named.name)) for one in done.outcomes),
        reference=request.reference,
        seeds=request.seeds,
        facts=facts_of(cohort, tests, len(finished)),
        notes=(*cohort.cautions, *notes_of(request.named, tests, left_out, cohort)),
        main=MAIN,
        anomaly=words.anomaly,
        unit=words.thing,
        are_patients_known=cohort.are_patients_known,
        beside=shortcuts_beside_each(finished, cohort, records, rows, progress),
    )
    decided = {one.named.name: [run.decided for run in one.runs] for one in finished}
    return replace(contents, notes=(*threshold_notes(contents, decided), *contents.notes))


def _figures(
    reference: str,
    finished: Sequence[Outcome],
    tests: Sequence[SeedCells],
    rows: Sequence[Rows],
    progress: Progress,
) -> dict[str, Figures]:
    """For every finished configuration its metrics on all labels, and without doubtful ones if any."""
    if not finished:
        return {}
    names, runs = [one.named.name for one in finished], [one.runs for one in finished]
    index = names.index(reference) if reference in names else -1
    sure = [own[~test.doubtful[own]] for test, own in zip(tests, rows, strict=True)]
    has_doubtful = any(len(own) < len(all_) for own, all_ in zip(sure, rows, strict=True))
    progress.begin("Computing intervals", len(runs) * (1 + has_doubtful))
    all_labels = measured(runs, tests, rows, index, progress)
    nothing: list[tuple[Measured, ...]] = [() for _ in runs]
    undoubted = measured(runs, tests, sure, index, progress) if has_doubtful else nothing
    return dict(zip(names, zip(all_labels, undoubted, strict=True), strict=True))


def _row(one: Outcome, figures: Figures | None) -> Row:
    name, parts = one.named.name, parts_of(one.named.recipe)
    if figures is None:
        return Row(name, parts, one.failure)
    return Row(name, parts, "", *figures, mean_costs([run.measure for run in one.runs]))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
