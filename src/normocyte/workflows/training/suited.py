"""Training with what the data can support: the recipe's rule or another, and no training twice."""

from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import BundleError, TrainingError
from normocyte.core.percent import percent
from normocyte.core.progress import Progress
from normocyte.core.types import Part
from normocyte.core.version import __version__
from normocyte.core.words import IMAGES
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.bundle.bundle import Bundle, load_bundle
from normocyte.pipeline.recipe.recipe import Recipe, recipe_table
from normocyte.thresholds.contract import RATE
from normocyte.thresholds.quantile import Quantile
from normocyte.wording.of_the_data import in_words, told_in
from normocyte.workflows.training.rules import check_rule
from normocyte.workflows.training.train import train
from normocyte.workflows.training.unreadable import tell_unreadable
from normocyte.workflows.training.visible import check_sees

__all__ = ["DEMO", "check_reads", "supported", "tell_unreadable", "train_supported"]

DEMO = "The demo"


def supported(recipe: Recipe, cohort: Cohort, who: str = DEMO) -> tuple[Recipe, str]:
    """The recipe with a rule that the data can support, and a sentence when that is another rule.

    `who` goes on with it.
    """
    words = cohort.words.or_else(IMAGES)
    try:
        parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
        check_rule(recipe.threshold, cohort, parts)
    except TrainingError as refusal:
        rate = getattr(recipe.threshold, RATE, Quantile.false_positive_rate)
        instead = f"{who} goes on with the rule quantile at {percent(rate)}, which holds on average only."
        return replace(recipe, threshold=Quantile(rate)), f"{in_words(words, str(refusal))} {instead}"
    return recipe, ""


def train_supported(
    recipe: Recipe, cohort: Cohort, out: Path, progress: Progress, *, is_kept: bool = False, who: str = DEMO
) -> tuple[Bundle, str]:
    """The bundle by this recipe with a rule that the data support, and a sentence when that is another rule.

    Where `is_kept`, a bundle that an earlier call has finished there is not trained again.
    """
    with told_in(cohort.words.or_else(IMAGES)):
        fitting, instead = supported(recipe, cohort, who)
    kept = _finished(fitting, cohort, out) if is_kept else None
    if kept is None:
        return train(fitting, cohort, out, progress).bundle, instead
    progress.begin("Trained before, kept", 1)
    progress.advance()
    return kept, instead


def check_reads(recipe: Recipe, cohort: Cohort) -> None:
    """DatasetError where the recipe reads colour alone and all images that it would learn from are gray."""
    parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
    check_sees(recipe.pipeline(), parts.part(Part.TRAIN))


def _finished(recipe: Recipe, cohort: Cohort, out: Path) -> Bundle | None:
    """The bundle that lies there where recipe, data, patients and version are the same."""
    try:
        bundle = load_bundle(out)
    except BundleError:
        return None
    same = (
        recipe_table(bundle.recipe) == recipe_table(recipe),
        bundle.facts.data_fingerprint == cohort.fingerprint,
        bundle.facts.patients_by == cohort.patients_by,
        bundle.normocyte == __version__,
        not bundle.history,
    )
    return bundle if all(same) else None
