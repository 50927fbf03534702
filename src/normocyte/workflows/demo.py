"""Demo: the main job from data to report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from normocyte.core.progress import Progress
from normocyte.datasets._base import Dataset
from normocyte.datasets._detect import open_dataset
from normocyte.datasets.synthetic import Synthetic, write_synthetic
from normocyte.pipeline.recipe import Recipe
from normocyte.workflows.evaluate import Evaluated, Subject, evaluate
from normocyte.workflows.train import Trained, train

BUNDLE = "bundle"
REPORT = "report"
DRAWN = "cells"


@dataclass(frozen=True)
class Demonstrated:
    """What was learnt, what was found, and the folder that holds both."""

    trained: Trained
    evaluated: Evaluated
    folder: Path


def demo(recipe: Recipe, data: Path | None, out: Path, progress: Progress) -> Demonstrated:
    """Learn from the healthy cells of `data`, judge the rest, write `bundle/` and `report/` into `out`.

    Without `data` it takes the data set of the recipe; one that names no folder is drawn into `out/cells`.
    """
    dataset = open_dataset(data) if data else ready(recipe.dataset, out / DRAWN, progress)
    trained = train(recipe, dataset, out / BUNDLE, progress)
    evaluated = evaluate(Subject(trained.bundle, out / BUNDLE), dataset, out / REPORT, progress)
    return Demonstrated(trained, evaluated, out)


def ready(dataset: Dataset, folder: Path, progress: Progress) -> Dataset:
    """The data set as it is, or, when it is a synthetic one without a place, drawn into `folder`."""
    if not isinstance(dataset, Synthetic):
        return dataset
    placed = Synthetic(**{**vars(dataset), "folder": dataset.folder or str(folder)})
    write_synthetic(placed, progress)
    return placed
