"""What gives a cell one number: steps, a detector, a score; and what members cannot do, known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.core.errors import ImageError, PartError
from normocyte.core.own.faults import check_answer, described_answer, kind_of
from normocyte.core.registry import own_file, part_name
from normocyte.core.types import Batch, Image8, Maps, Sample, Scores
from normocyte.detectors.contract import Detector
from normocyte.preprocessing.contract import Step
from normocyte.scores.contract import Score

Steps = tuple[Step, ...]
Tried = Sequence[Sample | ImageError]
_SIDES = (64, 90)
_AXES = 3
_CELL = (196, 140, 158)

Shape = tuple[int, int, int]


@dataclass
class Member:
    """The parts that lead from an image to a number."""

    steps: Steps
    detector: Detector
    score: Score

    def scores(self, batch: Batch) -> Scores:
        """One score a sample that these steps prepared, (n,) float64; NaN where nothing counts."""
        return self.scores_of(self.maps(batch), batch)

    def scores_of(self, maps: Maps, batch: Batch) -> Scores:
        """The same, of maps that its detector gave of these samples."""
        scores = self.score.reduce(maps, batch.masks)
        check_answer(self.score, scores, batch.masks.shape[:1])
        return scores

    def maps(self, batch: Batch) -> Maps:
        """How unusual each pixel is to the detector, (n, height, width), positive where too dark."""
        maps = self.detector.maps(batch)
        check_answer(self.detector, maps, batch.masks.shape)
        return maps

    def sees_as(self, other: Member) -> bool:
        """Whether the maps of both are the same, so that they are made once for two scores."""
        return self.steps == other.steps and self.detector == other.detector

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
    return prepare_views((tuple(steps),), image)[0]


def prepare_views(views: Sequence[Steps], image: Image8) -> tuple[Sample, ...]:
    """One sample of an image for each list of steps; ImageError when it cannot be assessed in one."""
    (prepared,) = prepare_all(views, [image])
    if isinstance(prepared, ImageError):
        raise prepared
    return prepared


def prepare_all(views: Sequence[Steps], images: Sequence[Image8]) -> list[tuple[Sample, ...] | ImageError]:
    """The same of several images, at once; what a list shares with the first is done once."""
    first = _trail(views[0], [begun(image) for image in images])
    made = [first[-1]]
    for view in views[1:]:
        shared = _shared(view, views[0])
        made.append(_trail(view[shared:], first[shared])[-1])
    return [_whole(samples) for samples in zip(*made, strict=True)]


def begun(image: Image8) -> Sample:
    """An image (height, width, 3) uint8 before the first step: all of it counts."""
    return Sample(None, np.ones(image.shape[:2], np.uint8), image)


def _trail(steps: Sequence[Step], samples: Tried) -> list[Tried]:
    """The samples, and what becomes of them after each step."""
    states = [samples]
    for step in steps:
        states.append(_after(step, states[-1]))
    return states


def _after(step: Step, samples: Tried) -> Tried:
    """The samples after a step; what could not be assessed before stays as it is."""
    made = list(step.apply_all([sample for sample in samples if isinstance(sample, Sample)]))
    file = own_file(step)
    for one in made if file else ():
        if not isinstance(one, ImageError):
            _check_sample(step, one, file)
    if len(made) == len(samples):
        return made
    after = iter(made)
    return [next(after) if isinstance(sample, Sample) else sample for sample in samples]


def _whole(samples: Sequence[Sample | ImageError]) -> tuple[Sample, ...] | ImageError:
    """The samples of one image, or the first error among them."""
    errors = [sample for sample in samples if isinstance(sample, ImageError)]
    return errors[0] if errors else tuple(sample for sample in samples if isinstance(sample, Sample))


def _check_sample(step: Step, made: object, file: Path | None) -> None:
    """PartError where an own step gave anything but a sample whose mask has the size of its pixels."""
    said = f"The {kind_of(step)} '{part_name(step)}' gave"
    needed = f"are needed ({file}). Correct it there."
    if not isinstance(made, Sample):
        raise PartError(f"{said} {described_answer(made)}, but a Sample of pixels and mask {needed}")
    pixels, mask = np.shape(made.pixels), np.shape(made.mask)
    if len(pixels) != _AXES or mask != pixels[:2]:
        raise PartError(
            f"{said} pixels of the shape {pixels} and a mask of the shape {mask}, but (height, width, "
            f"channels) and (height, width) {needed}"
        )


def _shared(view: Steps, first: Steps) -> int:
    """How many steps both begin with."""
    pairs = zip(view, first, strict=False)
    return next(
        (index for index, (one, other) in enumerate(pairs) if one != other), min(len(view), len(first))
    )


def check_members(members: Sequence[Member]) -> None:
    """MissingExtraError for a detector that cannot learn here, ConfigError where its pictures do not fit."""
    for member in members:
        member.detector.check_can_learn()
        shape = shape_after(member.steps)
        if shape is not None:
            member.detector.check_shape(shape)


def shape_after(steps: Steps) -> Shape | None:
    """Height, width and channels of what these steps make of any picture; None where that differs."""
    try:
        made = {prepare(steps, _disc(side)).pixels.shape for side in _SIDES}
    except ImageError:  # such a plain cell is none to these steps
        return None
    if len(made) > 1:
        return None
    height, width, channels = made.pop()
    return height, width, channels


def _disc(side: int) -> Image8:
    """A round red cell on black."""
    down, right = np.mgrid[:side, :side] - (side - 1) / 2
    inside = down**2 + right**2 < (0.45 * side) ** 2
    return np.asarray(inside[..., np.newaxis] * np.array(_CELL), np.uint8)
