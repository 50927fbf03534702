"""Turns the runs of a comparison into figures with intervals, and into differences from the reference."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from normocyte.core.progress import Progress
from normocyte.core.types import Labels, Names, Record, Rows
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.metrics.differences.paired import Cells, Drawn, difference, draw_patients, drawn, holm
from normocyte.metrics.families.ranking import Ranking
from normocyte.results.comparison import NAN, Costs, Measured, Shown
from normocyte.results.evaluation import SENSITIVITY
from normocyte.wording.patients import few_patients
from normocyte.workflows.comparison.run import Measure, Run
from normocyte.workflows.evaluation.tables import shown_metrics

FEWEST_DRAWS = 2000
DRAWS_A_COMPARISON = 50
MAIN = SENSITIVITY


def compared_metrics() -> tuple[tuple[Shown, Ranking], ...]:
    """What stands in a comparison, with the metric that measures it, own ones as soon as they are loaded."""
    return tuple(
        (Shown(row.key, row.title, row.short), metric(**row.fields))
        for row, metric in shown_metrics()
        if row.short and issubclass(metric, Ranking)
    )


@dataclass(frozen=True)
class SeedCells:
    """The test cells of one seed: labels, patients and doubts, each (n,)."""

    labels: Labels
    patients: Names
    doubtful: npt.NDArray[np.bool_]


def seed_cells(cohort: Cohort, test: Sequence[Record]) -> SeedCells:
    """These test cells as arrays; near-duplicates of unknown patients count as those of one."""
    return SeedCells(
        np.array([record.label for record in test], np.int8),
        np.array([record.patient for record in cohort.in_groups(test)], np.str_),
        cohort.is_doubtful(test),
    )


def draws_for(configurations: int) -> int:
    """How many draws of patients, so that a corrected p-value can still fall below 0.05."""
    return max(FEWEST_DRAWS, DRAWS_A_COMPARISON * configurations)


def common_rows(runs: Sequence[Sequence[Run]]) -> list[Rows]:
    """For each seed, the test cells that all could judge; `runs` by configuration, then by seed."""
    return [
        functools.reduce(np.intersect1d, [run.rows for run in of_seed]) for of_seed in zip(*runs, strict=True)
    ]


def measured(
    runs: Sequence[Sequence[Run]],
    tests: Sequence[SeedCells],
    rows: Sequence[Rows],
    reference: int,
    progress: Progress,
) -> list[tuple[Measured, ...]]:
    """Every metric of every configuration on these rows of each seed; `reference` -1 is none.

    Of few patients there are no p-values: they would be too small.
    """
    patients = [test.patients[own] for test, own in zip(tests, rows, strict=True)]
    draws = draw_patients(patients, draws_for(len(runs)))
    metrics = [metric for _, metric in compared_metrics()]
    figures = []
    for of_configuration in runs:
        cells = [_cells(*given) for given in zip(of_configuration, tests, rows, strict=True)]
        figures.append(drawn(cells, metrics, draws))
        progress.advance()
    columns = [_column([row[place] for row in figures], reference) for place in range(len(metrics))]
    if few_patients(name for test in tests for name in test.patients.tolist()):
        columns = [[replace(one, p_value=NAN, corrected=NAN) for one in column] for column in columns]
    return [tuple(row) for row in zip(*columns, strict=True)]


def _cells(run: Run, test: SeedCells, rows: Rows) -> Cells:
    return Cells(run.scores[np.searchsorted(run.rows, rows)], test.labels[rows], test.patients[rows])


def _column(figures: Sequence[Drawn], reference: int) -> list[Measured]:
    """One metric of all configurations, with differences that are corrected together."""
    plain = [Measured(figure.estimate(), figure.by_split) for figure in figures]
    others = [place for place in range(len(figures)) if reference not in (-1, place)]
    found = [difference(figures[place], figures[reference]) for place in others]
    corrected = holm([one.p_value for one in found])
    for place, one, p_value in zip(others, found, corrected, strict=True):
        plain[place] = replace(plain[place], difference=one.estimate, p_value=one.p_value, corrected=p_value)
    return plain


def mean_costs(measures: Sequence[Measure]) -> Costs:
    """The mean over seeds of what was measured."""
    return Costs(*(_mean([getattr(one, item.name) for one in measures]) for item in fields(Measure)))


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else NAN
