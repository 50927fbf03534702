"""Demo: the main job from data to report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import TrainingError
from normocyte.core.progress import Progress
from normocyte.datasets.contract import Dataset
from normocyte.datasets.opening.detect import open_dataset
from normocyte.datasets.synthetic import Synthetic, write_synthetic
from normocyte.pipeline.fitting import check_members
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.thresholds.contract import RATE
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.support.words import percent
from normocyte.workflows.evaluation.evaluate import Evaluated, evaluate
from normocyte.workflows.training.copies import Copies, FindCopies, copies_of, divided
from normocyte.workflows.training.train import Trained, check_rule, train

BUNDLE = "bundle"
REPORT = "report"
DRAWN = "cells"


@dataclass(frozen=True)
class Demonstrated:
    """What was learnt, what was found, the folder that holds both, and what was done otherwise than asked."""

    trained: Trained
    evaluated: Evaluated
    folder: Path
    note: str


def demo(
    recipe: Recipe, data: Path | None, out: Path, progress: Progress, find: FindCopies = copies_of
) -> Demonstrated:
    """Learn from the healthy cells of `data`, judge the rest, write `bundle/` and `report/` into `out`.

    Without `data` it takes the data set of the recipe; one that names no folder is drawn into `out/cells`.
    Where its calibration cells are too few for the rule of the recipe, the rule `quantile` takes its place. A
    picture that stands twice in the set counts once; `find` finds them.
    """
    check_members(recipe.members)
    dataset = open_dataset(data) if data else ready(recipe.dataset, out / DRAWN, progress)
    copies = find(dataset, progress)
    recipe, note = _supported(recipe, dataset, copies)
    trained = train(recipe, dataset, out / BUNDLE, progress, lambda *_: copies)
    evaluated = evaluate(trained.bundle, dataset, out / REPORT, progress, lambda *_: copies)
    return Demonstrated(trained, evaluated, out, note)


def _supported(recipe: Recipe, dataset: Dataset, copies: Copies) -> tuple[Recipe, str]:
    """The recipe with a rule that the data can support, and a sentence when that is another rule."""
    try:
        check_rule(recipe.threshold, divided(dataset.records(), recipe, copies))
    except TrainingError as refusal:
        rate = getattr(recipe.threshold, RATE, Quantile.false_positive_rate)
        instead = f"The demo goes on with the rule quantile at {percent(rate)}, which holds on average only."
        return replace(recipe, threshold=Quantile(rate)), f"{refusal} {instead}"
    return recipe, ""


def ready(dataset: Dataset, folder: Path, progress: Progress) -> Dataset:
    """The data set as it is, or, when it is a synthetic one without a place, drawn into `folder`."""
    if not isinstance(dataset, Synthetic):
        return dataset
    placed = Synthetic(**{**vars(dataset), "folder": dataset.folder or str(folder)})
    write_synthetic(placed, progress)
    return placed
