"""What baselines without any detector reach on the same test images: is it disease, or the camera?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.registry import part_name
from normocyte.core.types import HEALTHY, Floats, Names, Scores
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.differences.family import contrasts, simultaneous
from normocyte.metrics.differences.paired import Cells, Drawn, Draws, draw_patients, drawn
from normocyte.results.shortcuts import MeasuredContrast, ShortcutRow, Shortcuts
from normocyte.shortcuts.contract import FEWEST_HEALTHY
from normocyte.workflows.evaluation.contents import AllCells
from normocyte.workflows.evaluation.measured import Judge, Learnt, Measures, baselines

_MOST_DRAWS, _FEWEST_DRAWS, _NUMBERS = 2000, 500, 2e7
_NAN = float("nan")


def beside_shortcuts(cells: AllCells, learnt: Learnt) -> Shortcuts:
    """The baselines beside the first pipeline, on the test cells."""
    test = cells.test
    return shortcuts_beside(test.of(0), Measures(test.labels, test.patients, test.measured, learnt))


def shortcuts_beside(scores: Scores, cells: Measures) -> Shortcuts:
    """Every baseline beside the scores of a detector (n,), and what differs between the two kinds."""
    if cells.healthy < FEWEST_HEALTHY:
        return Shortcuts(healthy=cells.healthy, why_not=too_few(cells.healthy))
    draws = draws_for([cells.patients])
    every = cells.scores()
    found, alike = varied({judge: [own] for judge, own in every.items()})
    areas = {judge: _area(own, cells, draws) for judge, (own,) in found.items()}
    own = _area(scores, cells, draws)
    measures = contrasts_of(cells, every)
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


@dataclass(frozen=True)
class _Column:
    """One measure: its baseline, its title, and the values of learnt and of test images, (n,)."""

    name: str
    title: str
    values: Floats

    @property
    def is_varied(self) -> bool:
        """Whether images differ in it at all."""
        known = self.values[np.isfinite(self.values)]
        return bool(known.size and np.ptp(known))


def contrasts_of(cells: Measures, found: Mapping[Judge, Scores]) -> tuple[MeasuredContrast, ...]:
    """Each measure by itself, in both directions, and the score of each baseline of several numbers.

    Learnt healthy images stand beside healthy test images where nothing of a measure was learnt from them.
    """
    columns = [one for one in (*_measures(cells), *_distances(cells, found)) if one.is_varied]
    before = len(cells.learnt.measured)
    labels = np.concatenate([np.full(before, HEALTHY, np.int8), cells.labels])
    patients = np.concatenate([np.array(cells.learnt.patients, np.str_), cells.patients])
    tested = contrasts([column.values for column in columns], labels, patients)
    return tuple(
        MeasuredContrast(column.name, column.title, one.auroc, one.p_value)
        for column, one in zip(columns, tested, strict=True)
        if np.isfinite(one.auroc)
    )


def _measures(cells: Measures) -> Iterator[_Column]:
    """The measures that have a title, of learnt and of test images."""
    rows = (*cells.learnt.measured, *cells.measured)
    for index, part in enumerate(baselines()):
        for place, title in enumerate(part.measures):
            values = np.array([row[index][place] for row in rows], np.float64)
            yield _Column(part_name(part), title, values)


def _distances(cells: Measures, found: Mapping[Judge, Scores]) -> Iterator[_Column]:
    """The scores of baselines whose measures do not stand for themselves, of test images only."""
    unknown = np.full(len(cells.learnt.measured), _NAN)
    for part in baselines():
        scores = found.get(Judge(part_name(part), uses_labels=False))
        if scores is not None and len(part.measures) != 1:
            title = part.title if part.is_of_the_split else f"distance of the {part.title} from healthy ones"
            yield _Column(part_name(part), title, np.concatenate([unknown, scores]))
