"""Learns by a recipe that was chosen; what has learnt while it was tried need not learn again."""

from __future__ import annotations

from pathlib import Path

from normocyte.core.progress import Progress
from normocyte.core.words import IMAGES
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.bundle.layout import check_place
from normocyte.wording.of_the_data import told_in
from normocyte.workflows.training.choosing.choose import SEED, Chosen, choose
from normocyte.workflows.training.choosing.survey import survey_of
from normocyte.workflows.training.suited import train_supported
from normocyte.workflows.training.train import TrainingPlan, learn

__all__ = ["SEED", "Chosen", "choose", "learn_chosen", "survey_of"]


def learn_chosen(chosen: Chosen, cohort: Cohort, out: Path, progress: Progress) -> tuple[Bundle, str]:
    """The bundle by the recipe that was chosen, and a sentence where another rule took its place.

    A bundle that an earlier call has finished there is not trained again.
    """
    recipe = chosen.recipe
    if not chosen.members:
        return train_supported(recipe, cohort, out, progress, is_kept=True, who="It")
    check_place(out)
    pipeline = recipe.pipeline()
    pipeline.members = chosen.members
    with told_in(cohort.words.or_else(IMAGES)):
        parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
        known = len(chosen.members)
        plan = TrainingPlan(recipe, pipeline, cohort, parts, known, known_s=chosen.seconds)
        return learn(plan, out, progress).bundle, ""
