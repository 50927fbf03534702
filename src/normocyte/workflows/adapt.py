"""Adapt: photos of smears that are presumed healthy in, a bundle that has learnt this site's cells out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import TrainingError
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.datasets._base import Dataset
from normocyte.datasets._splits import Fractions, split
from normocyte.datasets.folder import Folder
from normocyte.pipeline._place import check_place
from normocyte.pipeline.bundle import load_bundle
from normocyte.pipeline.recipe import Recipe, find_recipe
from normocyte.pipeline.shipped import bundle_folder, check_outside
from normocyte.thresholds._words import percent
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows._cut_cells import Cut, cut_cells
from normocyte.workflows.train import Trained, check_rule, train

PARTS = Fractions(train=0.70, held_out=0.05, calibration=0.25, tuning=0.0, test=0.0)


@dataclass(frozen=True)
class Wish:
    """What a site may ask for.

    Another recipe than the bundle's by its name or path, at most so many `cells` to learn from, whether a
    folder of photos is one patient, and a seed.
    """

    recipe: str = ""
    cells: int = 4000
    by_folder: bool = False
    seed: int | None = None


@dataclass(frozen=True)
class Adapted:
    """The new bundle, what it was learnt from, and what was done otherwise than the recipe says."""

    trained: Trained
    cut: Cut
    note: str


def adapt(bundle: Path, photos: Sequence[Source], out: Path, wish: Wish, progress: Progress) -> Adapted:
    """Cut the cells out of the photos, learn from them by the recipe of a bundle, and write one into `out`.

    The cells lie in `<out>.cells` until the bundle stands, so that a training that was stopped goes on when
    the same call is made again. DatasetError when no photo can be used or too few are there to divide.
    """
    check_place(out)
    check_outside(out)
    recipe = find_recipe(wish.recipe) if wish.recipe else load_bundle(bundle_folder(bundle)).recipe
    recipe = replace(recipe, fractions=PARTS, notes="").seeded(wish.seed)
    for member in recipe.members:
        member.detector.check_can_learn()
    folder = out.with_name(f"{out.name}.cells")
    cut = cut_cells(photos, folder, wish.cells, wish.by_folder, progress)
    dataset = Folder(manifest=str(cut.manifest))
    recipe, note = _supported(recipe, dataset)
    trained = train(recipe, dataset, out, progress)
    shutil.rmtree(folder, ignore_errors=True)
    return Adapted(trained, cut, note)


def _supported(recipe: Recipe, dataset: Dataset) -> tuple[Recipe, str]:
    """The recipe with a rule that so few photos can support, and a sentence when that is another one."""
    try:
        check_rule(recipe.threshold, split(dataset.records(), recipe.fractions, recipe.seed, recipe.protocol))
    except TrainingError as refusal:
        instead = Quantile(0.01)
        said = f"The rule quantile at {percent(instead.false_positive_rate)} takes its place"
        return replace(recipe, threshold=instead), f"{refusal} {said}, which holds on average only."
    return recipe, ""
