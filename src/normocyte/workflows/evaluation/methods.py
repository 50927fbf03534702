"""What each method reaches on the same test cells, and how it sees some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.progress import Progress
from normocyte.core.types import ANOMALY, HEALTHY, Estimate, Image8, Labels, Part, Rows, Scores
from normocyte.core.words import Words
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.shortcuts.measured import learnt
from normocyte.engine.unreadable import readable_of
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.heat import heat_scale, views
from normocyte.pipeline.learnt import training_curve
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.results.demo import DemoContents, Method, ShownCell
from normocyte.results.evaluation import AUROC, SENSITIVITY, Contents, Tuned, View
from normocyte.thresholds.best_f1 import BestF1
from normocyte.thresholds.contract import Threshold
from normocyte.workflows.evaluation.baseline import Baseline, baseline_of
from normocyte.workflows.evaluation.contents import AllCells, contents_of
from normocyte.workflows.evaluation.evaluate import BASELINE as BASELINE_FACT
from normocyte.workflows.evaluation.evaluate import about_cells, grouped
from normocyte.workflows.evaluation.examine import Chosen, Examined, choose, examine
from normocyte.workflows.evaluation.needed import need_both
from normocyte.workflows.evaluation.outline import outline_share
from normocyte.workflows.evaluation.tables import threshold_row
from normocyte.workflows.evaluation.tuned import Fitting

BASELINE = "baseline rule"
SPARED = 0.99
"""The share of healthy cells that the strict threshold leaves unflagged."""
_PALE = 0.1
_MOST_LOOKED_AT = 20


@dataclass(frozen=True)
class DemoFound:
    """What is to be shown, which test cells could not be judged, and in words which were."""

    contents: DemoContents
    faults: tuple[str, ...]
    judged: str


def need_readable(recipe: Recipe, cohort: Cohort) -> None:
    """DatasetError where the test cells that can be read are not of both kinds: known before any training."""
    test = cohort.split(recipe.fractions, recipe.seed, recipe.protocol).part(Part.TEST)
    bad = dict(cohort.unreadable)
    need_both(readable_of(cohort, test), [bad[one.source] for one in test if one.source in bad])


def demo_contents(bundles: Mapping[str, Bundle], cohort: Cohort, note: str, progress: Progress) -> DemoFound:
    """Judge the test cells with these bundles and a baseline; the last bundle is the one to keep.

    Each image is decoded once for all of them. DatasetError when there are no test cells of both kinds.
    """
    kept = list(bundles.values())[-1]
    chosen = choose(kept, cohort, has_new_patients=False)
    need_both(chosen.test, (), chosen.note)
    chosen = grouped(chosen, cohort)
    words = cohort.words.or_else(kept.facts.words)
    beside = baseline_of(kept, chosen.test, chosen.learnt_from, words, progress)
    names, pipelines = _ordered(bundles, beside)
    cells = _examined(pipelines, chosen, progress)
    measured = learnt(chosen.learnt_from, progress)
    need_both(cells.test.records, cells.test.faults)
    progress.begin("Writing the report", 1)
    about, counts = about_cells(kept, cohort, chosen, cells.test)
    about = replace(about, facts=(*about.facts, (BASELINE_FACT, beside.words)))
    evaluation = replace(
        contents_of(kept, replace(cells, names=names), about), shortcuts=cells.test.shortcuts(measured)
    )
    shown = shown_cells(cells.test, about.words)
    methods = [
        _method(names[column], pipeline, (column, cells), (evaluation, shown))
        for column, pipeline in enumerate(pipelines)
    ]
    contents = DemoContents(_simplest_first(methods), shown, evaluation, note)
    return DemoFound(contents, cells.test.faults, f"{counts}\n{chosen.note}")


def _ordered(bundles: Mapping[str, Bundle], beside: Baseline) -> tuple[tuple[str, ...], tuple[Pipeline, ...]]:
    """Names and pipelines in the order of the columns of a report: the kept one first, a baseline last."""
    names = tuple(reversed(list(bundles)))
    last = (BASELINE,) if beside.pipelines else ()
    return (*names, *last), (*(bundles[name].pipeline for name in names), *beside.pipelines)


def _simplest_first(methods: Sequence[Method]) -> tuple[Method, ...]:
    return tuple(reversed(methods))


def _examined(pipelines: tuple[Pipeline, ...], chosen: Chosen, progress: Progress) -> AllCells:
    """All parts with every pipeline."""
    test = examine(pipelines, chosen.test, progress, "Scoring test", has_measures=True)
    tuning = examine(pipelines, chosen.tuning, progress, "Scoring tuning")
    calibration = examine(pipelines, chosen.calibration, progress, "Scoring calibration")
    return AllCells(pipelines, test, tuning, calibration)


def _method(
    name: str,
    pipeline: Pipeline,
    column_of: tuple[int, AllCells],
    shown_in: tuple[Contents, Sequence[ShownCell]],
) -> Method:
    column, cells = column_of
    evaluation, shown = shown_in
    fitted = _with_cut(pipeline, column, cells)
    test = _fitting(cells.test, column)
    after = _tuned(column, cells)
    return Method(
        name=name,
        detector=evaluation.detectors[column],
        scores=test.scores,
        sensitivity=_estimate(evaluation, SENSITIVITY, column),
        auroc=_estimate(evaluation, AUROC, column),
        strict=strict_threshold(test.scores, test.labels),
        before=threshold_row(fitted.threshold, test, Tuned(), is_in_use=True),
        after=threshold_row(after, test, Tuned(), is_in_use=False) if after else None,
        training=training_curve(pipeline.shown.detector),
        views=_views(fitted, _images(cells.test, [cell.row for cell in shown])),
        outline_share=_outline_share(pipeline, cells.test, column),
    )


def _with_cut(pipeline: Pipeline, column: int, cells: AllCells) -> Pipeline:
    """The pipeline with a threshold: its own, or one by its rule on the healthy calibration cells."""
    if np.isfinite(pipeline.threshold.cut):
        return pipeline
    rule = replace(pipeline.threshold)
    given = _fitting(cells.calibration, column)
    rule.fit(given.scores, given.patients, given.labels)
    return replace(pipeline, threshold=rule)


def _tuned(column: int, cells: AllCells) -> Threshold | None:
    """The threshold with the best F1 on the tuning cells; None where these are not of both kinds."""
    rule, given = BestF1(), _fitting(cells.tuning, column)
    try:
        rule.fit(given.scores, given.patients, given.labels)
    except TrainingError:
        return None
    return rule


def _fitting(cells: Examined, column: int) -> Fitting:
    return Fitting(cells.of(column), cells.patients, cells.labels)


def _estimate(evaluation: Contents, key: str, column: int) -> Estimate:
    row = next(row for row in evaluation.metrics if row.key == key)
    return row.all_labels[column]


def strict_threshold(scores: Scores, labels: Labels) -> float:
    """The lowest threshold that leaves 99 % of these healthy cells, or more, unflagged."""
    healthy = np.sort(scores[labels == HEALTHY])
    allowed = int((1 - SPARED + 1e-9) * len(healthy))
    return float(healthy[len(healthy) - 1 - allowed])


def shown_cells(test: Examined, words: Words) -> tuple[ShownCell, ...]:
    """A typical and an odd healthy cell, a typical and a faint anomalous one.

    By the kept method, but for the odd one: that has the largest error of the method beside it.
    """
    kept, other = test.of(0), test.of(min(1, test.scores.shape[1] - 1))
    healthy, infected = (np.flatnonzero(test.labels == label) for label in (HEALTHY, ANOMALY))
    chosen = (
        (f"typical healthy {words.thing}", _nearest(kept, healthy, 0.5)),
        (f"healthy {words.thing} with an odd shape", _nearest(other, healthy, 1.0)),
        (f"typical {words.anomaly} {words.thing}", _nearest(kept, infected, 0.5)),
        (f"faint {words.anomaly} {words.thing}", _nearest(kept, infected, _PALE)),
    )
    return tuple(
        ShownCell(title, test.records[row].source.name, int(test.labels[row]), row) for title, row in chosen
    )


def _nearest(scores: Scores, rows: Rows, share: float) -> int:
    """The row whose score lies nearest to this quantile of theirs."""
    distance = np.abs(scores[rows] - np.quantile(scores[rows], share))
    return int(rows[np.argmin(distance)])


def _images(test: Examined, rows: Sequence[int]) -> list[Image8]:
    return [read(test.records[row].source) for row in rows]


def _views(pipeline: Pipeline, images: Sequence[Image8]) -> tuple[View, ...]:
    samples = [pipeline.prepare(image) for image in images]
    return tuple(views(pipeline, heat_scale(pipeline), images, samples))


def _outline_share(pipeline: Pipeline, test: Examined, column: int) -> float:
    """Of the error in the healthy cells with the largest error, the share near the outline."""
    healthy = np.flatnonzero(test.labels == HEALTHY)
    count = min(_MOST_LOOKED_AT, max(1, round((1 - SPARED) * len(healthy))))
    hardest = healthy[np.argsort(-test.of(column)[healthy], kind="stable")[:count]]
    return outline_share(_views(pipeline, _images(test, hardest.tolist())))
