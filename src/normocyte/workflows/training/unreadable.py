"""Images that cannot be read are told before anything is learnt."""

from collections.abc import Iterable

from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Split
from normocyte.engine.unreadable import check_readable, learning_parts, unreadable_words
from normocyte.pipeline.recipe.recipe import Recipe


def check_learnable(cohort: Cohort, recipe: Recipe, parts: Split) -> None:
    """DatasetError where too many images cannot be read in a part that the recipe learns from."""
    check_readable(cohort, learning_parts(parts, uses_labels=recipe.threshold.uses_labels))


def tell_unreadable(cohort: Cohort, recipes: Iterable[Recipe], progress: Progress) -> None:
    """Tell which images cannot be read; DatasetError where they are too many to learn by these recipes."""
    for recipe in recipes if cohort.unreadable else ():
        parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
        check_learnable(cohort, recipe, parts)
    progress.tell(unreadable_words(cohort))
