"""What gives a cell one number: steps, a detector and a score. A pipeline has one, an ensemble several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.arrays import Image8, Scores
from normocyte.core.types import Batch, Sample
from normocyte.detectors.contract import Detector
from normocyte.preprocessing.contract import Step
from normocyte.scores.contract import Score

Steps = tuple[Step, ...]


@dataclass
class Member:
    """The parts that lead from an image to a number."""

    steps: Steps
    detector: Detector
    score: Score

    def scores(self, batch: Batch) -> Scores:
        """One score a sample that these steps prepared, (n,) float64; NaN where nothing counts."""
        return self.score.reduce(self.detector.maps(batch), batch.masks)

    def unlearnt(self) -> Member:
        """The same parts with nothing learnt."""
        return Member(self.steps, replace(self.detector), replace(self.score))


def distinct(steps: Sequence[Steps]) -> tuple[Steps, ...]:
    """Each list of steps once, in order."""
    views: list[Steps] = []
    for one in steps:
        if one not in views:
            views.append(one)
    return tuple(views)


def prepare(steps: Sequence[Step], image: Image8) -> Sample:
    """One image (height, width, 3) uint8 after these steps; ImageError when it cannot be assessed."""
    return trail(steps, begun(image))[-1]


def prepare_views(views: Sequence[Steps], image: Image8) -> tuple[Sample, ...]:
    """One sample of an image for each list of steps; what a list shares with the first is done once."""
    first = trail(views[0], begun(image))
    samples = [first[-1]]
    for view in views[1:]:
        shared = _shared(view, views[0])
        samples.append(trail(view[shared:], first[shared])[-1])
    return tuple(samples)


def begun(image: Image8) -> Sample:
    """An image (height, width, 3) uint8 before the first step: all of it counts."""
    return Sample(image.astype(np.float32), np.ones(image.shape[:2], np.uint8), image)


def trail(steps: Sequence[Step], sample: Sample) -> list[Sample]:
    """The sample, and what becomes of it after each step."""
    samples = [sample]
    for step in steps:
        samples.append(step.apply(samples[-1]))
    return samples


def _shared(view: Steps, first: Steps) -> int:
    """How many steps both begin with."""
    pairs = zip(view, first, strict=False)
    return next(
        (index for index, (one, other) in enumerate(pairs) if one != other), min(len(view), len(first))
    )
