"""What baselines without any detector reach on the same test images: is it disease, or the camera?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.registry import part_name
from normocyte.core.types import HEALTHY, Floats, Names, Scores
from normocyte.engine.shortcuts.measured import Judge, Measured, Measures, baselines
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.differences.family import contrasts, simultaneous
from normocyte.metrics.differences.paired import Cells, Drawn, Draws, draw_patients, drawn
from normocyte.results.shortcuts import MeasuredContrast, ShortcutRow, Shortcuts
from normocyte.shortcuts.contract import FEWEST_HEALTHY

_MOST_DRAWS, _FEWEST_DRAWS, _NUMBERS = 2000, 500, 2e7


def shortcuts_beside(scores: Scores, cells: Measures) -> Shortcuts:
    """Every baseline beside the scores of a detector (n,), and what differs between the two kinds."""
    if cells.healthy < FEWEST_HEALTHY:
        return Shortcuts(healthy=cells.healthy, why_not=too_few(cells.healthy))
    draws = draws_for([cells.patients])
    every = cells.scores()
    found, alike = varied({judge: [own] for judge, own in every.items()})
    areas = {judge: _area(own, cells, draws) for judge, (own,) in found.items()}
    own = _area(scores, cells, draws)
    measures = contrasts_of(cells)
    return Shortcuts(
        rows_beside(own, areas), measures, own.estimate(), cells.healthy, cells.is_learnt_before, alike
    )


def varied(every: Mapping[Judge, list[Scores]]) -> tuple[dict[Judge, list[Scores]], tuple[str, ...]]:
    """The baselines that do not score all images of a split the same, and the titles of the others."""
    found = {judge: splits for judge, splits in every.items() if all(np.ptp(own) for own in splits)}
    names = {judge.name for judge in every} - {judge.name for judge in found}
    return found, tuple(part.title for part in baselines() if part_name(part) in names)


def too_few(healthy: int) -> str:
    """Why there are no baselines."""
    return f"They need {FEWEST_HEALTHY} healthy images to learn what is usual, and {healthy} are at hand."


def draws_for(splits: Sequence[Names]) -> Draws:
    """As many draws of the patients of all splits as take a few seconds."""
    cells = sum(map(len, splits))
    return draw_patients(splits, int(np.clip(_NUMBERS / max(1, cells), _FEWEST_DRAWS, _MOST_DRAWS)))


def _area(scores: Scores, cells: Measures, draws: Draws) -> Drawn:
    return drawn([Cells(scores, cells.labels, cells.patients)], [Auroc()], draws)[0]


def rows_beside(detector: Drawn, areas: Mapping[Judge, Drawn]) -> tuple[ShortcutRow, ...]:
    """The baselines, each with its AUROC under the same draws, the best first."""
    titles = {part_name(part): part.title for part in baselines()}
    differences = simultaneous(detector, list(areas.values()))
    rows = [
        ShortcutRow(judge.name, titles[judge.name], judge.uses_labels, area.estimate(), difference)
        for (judge, area), difference in zip(areas.items(), differences, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: -row.auroc.value))


def contrasts_of(cells: Measures) -> tuple[MeasuredContrast, ...]:
    """Each measure by itself, in both directions, of the test images and the healthy ones learnt before."""
    rows = (*cells.learnt.measured, *cells.measured)
    columns = [
        column for column in _columns(rows) if np.isfinite(column.values).all() and np.ptp(column.values)
    ]
    if not columns:
        return ()
    labels = np.concatenate([np.full(len(cells.learnt.measured), HEALTHY, np.int8), cells.labels])
    patients = np.concatenate([np.array(cells.learnt.patients, np.str_), cells.patients])
    tested = contrasts(np.stack([column.values for column in columns], axis=1), labels, patients)
    return tuple(
        MeasuredContrast(column.name, column.title, one.auroc, one.p_value)
        for column, one in zip(columns, tested, strict=True)
    )


@dataclass(frozen=True)
class _Column:
    """One measure: its baseline, its title, and the value of each image, (n,)."""

    name: str
    title: str
    values: Floats


def _columns(rows: Sequence[Measured]) -> Iterator[_Column]:
    """Every measure that has a title."""
    for index, part in enumerate(baselines()):
        for place, title in enumerate(part.measures):
            values = np.array([row[index][place] for row in rows], np.float64)
            yield _Column(part_name(part), title, values)
