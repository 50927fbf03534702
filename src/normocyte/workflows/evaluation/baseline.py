"""The detector beside that of a bundle: the plainest rule that fits the images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.progress import Progress
from normocyte.core.types import Batch, Image8, Record
from normocyte.core.words import Words
from normocyte.engine.colour import are_gray, looked_at
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.wording.articles import a
from normocyte.workflows.evaluation.words import name_of
from normocyte.workflows.training.prepare import prepared_cells

STAIN_RULE = "stain_rule"
GRAY_LEVELS = "gray_levels"
_MOST_UNSEEN = 0.5


@dataclass(frozen=True)
class Baseline:
    """The rule by the name of its configuration, what it is in words, and its pipeline; or why there is none.

    The cut of the pipeline flags nothing, since only its scores are looked at.
    """

    words: str
    name: str = ""
    pipeline: Pipeline | None = None

    @property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """The pipeline, or nothing."""
        return (self.pipeline,) if self.pipeline else ()


def baseline_of(
    bundle: Bundle, test: Sequence[Record], learnt_from: Sequence[Record], words: Words, progress: Progress
) -> Baseline:
    """The stain rule, or for images that it cannot read the gray levels, learnt from `learnt_from`.

    Those are the healthy images that the bundle has learnt from, so that both know the same. None beside a
    bundle that is this rule itself, and where the rule would have to learn from images that are not at hand.
    """
    if name_of(bundle.pipeline) == STAIN_RULE:
        return Baseline("None: the detector is the baseline itself.")
    unread = _why_not_by_stain(looked_at(test), words)
    if not unread:
        said = f"{STAIN_RULE}: the darkest green of {a(words.thing)} {words.thing} against its own median"
        return Baseline(f"{said}. It learns nothing.", STAIN_RULE, _unlearnt(STAIN_RULE))
    if bundle.recipe.members == find_recipe(GRAY_LEVELS).members:
        return Baseline("None: the detector is the baseline itself.")
    said = (
        f"{GRAY_LEVELS}: how far brightness and contrast of {a(words.thing)} {words.thing} lie from those of "
        f"healthy {words.things} (Mahalanobis distance)"
    )
    if not learnt_from:
        things = f"healthy {words.things} that the bundle has learnt from, which are not among these"
        return Baseline(f"None: {unread}, and {said}, would need the {things}.")
    told = f"{said}. It has learnt from the {words.things} that the detector has learnt from; {unread}."
    return Baseline(told, GRAY_LEVELS, _learnt(learnt_from, progress))


def _why_not_by_stain(images: Sequence[Image8], words: Words) -> str:
    """Why the stain rule says nothing of such images; empty where it does."""
    if images and are_gray(images):
        return f"{STAIN_RULE} reads colour, and the {words.things} have none"
    scores = np.array([verdict.score for verdict in _unlearnt(STAIN_RULE).verdicts(images)])
    finite = scores[np.isfinite(scores)]
    if len(finite) < _MOST_UNSEEN * len(images):
        return f"{STAIN_RULE} cannot assess most of these {words.things}"
    if len(finite) > 1 and not np.ptp(finite):
        return f"{STAIN_RULE} gives all of these {words.things} the same score"
    return ""


def _unlearnt(name: str) -> Pipeline:
    pipeline = find_recipe(name).pipeline()
    pipeline.threshold.cut = float("inf")
    return pipeline


def _learnt(healthy: Sequence[Record], progress: Progress) -> Pipeline:
    """The gray levels of these healthy images."""
    pipeline = _unlearnt(GRAY_LEVELS)
    batch: Batch = prepared_cells(pipeline.views, healthy, progress, "Preparing baseline").batch
    pipeline.shown.score.fit(pipeline.maps(batch), batch.masks)
    return pipeline
