"""The demo with one recipe: from data to a report."""

from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import TrainingError
from normocyte.core.percent import percent
from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.opening.detect import drawn_cohort, open_to_learn
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.pipeline.member import check_members
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.thresholds.contract import RATE
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.evaluation.evaluate import Evaluated, evaluate
from normocyte.workflows.evaluation.healthy import show_healthy
from normocyte.workflows.training.rules import check_rule
from normocyte.workflows.training.train import Trained, train

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

    @property
    def has_anomalies(self) -> bool:
        """False where healthy cells alone were given."""
        return self.evaluated.contents.has_anomalies


def demo(
    recipe: Recipe,
    data: Path | None,
    out: Path,
    progress: Progress,
    find: FindCopies = with_copies,
    patients: str = "",
) -> Demonstrated:
    """Learn from the healthy cells of `data`, judge the rest, write `bundle/` and `report/` into `out`.

    Without `data` it takes the data set of the recipe; one that names no folder is drawn into `out/cells`.
    Where its calibration cells are too few for the rule of the recipe, the rule `quantile` takes its place. A
    picture that stands twice in the set counts once; `find` finds them. `patients` says whose the images are,
    see `open_cohort`. Healthy images alone are enough: the report then shows what these can show.
    """
    check_members(recipe.members)
    cohort = (
        open_to_learn(data, patients)
        if data
        else drawn_cohort(recipe.dataset, out / DRAWN, progress, patients)
    )
    return learn_and_judge(recipe, find(cohort, progress), out, progress)


def learn_and_judge(
    recipe: Recipe, cohort: Cohort, out: Path, progress: Progress, note: str = ""
) -> Demonstrated:
    """Learn from this cohort and judge the rest of it; `note` is said first of what was done otherwise."""
    recipe, instead = supported(recipe, cohort)
    trained = train(recipe, cohort, out / BUNDLE, progress)
    judge = evaluate if cohort.has_anomalies else show_healthy
    evaluated = judge(trained.bundle, cohort, out / REPORT, progress)
    return Demonstrated(trained, evaluated, out, f"{note} {instead}".strip())


def supported(recipe: Recipe, cohort: Cohort) -> tuple[Recipe, str]:
    """The recipe with a rule that the data can support, and a sentence when that is another rule."""
    try:
        parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
        check_rule(recipe.threshold, cohort, parts)
    except TrainingError as refusal:
        rate = getattr(recipe.threshold, RATE, Quantile.false_positive_rate)
        instead = f"The demo goes on with the rule quantile at {percent(rate)}, which holds on average only."
        return replace(recipe, threshold=Quantile(rate)), f"{refusal} {instead}"
    return recipe, ""
