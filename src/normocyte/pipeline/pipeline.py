"""The only place where preprocessing, detector, score and threshold are joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.gate import Gate, Measures
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import ConfigError, ImageError, TrainingError
from normocyte.core.own.faults import check_answer
from normocyte.core.types import Batch, Image8, Maps, Sample, Scores
from normocyte.detectors.support.onnx_graph import graph_shape
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.member import Member, Steps, distinct, prepare, prepare_all
from normocyte.pipeline.neighbours import Neighbours, looks
from normocyte.results.verdict import Cause, CauseCode, Outcome, Verdict
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration

__all__ = ["Calibration", "Image8", "Pipeline", "prepare", "stack"]

NAN = float("nan")
_GROUP = 16
"""So many images are prepared together: more would not stay in the cache of a core."""
_NOTHING_LEFT = Cause(CauseCode.NOTHING_LEFT)


@dataclass
class Pipeline:
    """The parts in order, and the calibration cells that give a score its p-value.

    It has one member, an ensemble several: `fusion` makes one number of theirs. What a person is shown, maps
    and pictures, is what the first member sees, `shown`. The `gate` is asked first: what it refuses is
    neither prepared nor scored. `measured` is what it measured of the calibration
    cells, (n,) by name, for later cells to be compared with; empty where nobody measured them. `neighbours`
    has learnt to compare a cell with the others of its photo, and `in_fields()` is the pipeline that does;
    `is_in_fields` says which of the two this is.
    """

    members: tuple[Member, ...]
    threshold: Threshold
    calibration: Calibration = field(default_factory=Calibration)
    fusion: Fusion = field(default_factory=Fusion)
    gate: Gate = field(default_factory=Gate)
    measured: Measures = field(default_factory=dict)
    neighbours: Neighbours = field(default_factory=Neighbours)
    is_in_fields: bool = False

    @property
    def shown(self) -> Member:
        """The member whose maps and pictures a person is shown: the first."""
        return self.members[0]

    @property
    def is_ensemble(self) -> bool:
        """True where a fusion makes one number of several."""
        return len(self.members) > 1

    @property
    def views(self) -> tuple[Steps, ...]:
        """The different ways in which members prepare an image, the first member's first."""
        return distinct([member.steps for member in self.members])

    @property
    def map_cut(self) -> float:
        """The threshold in the first member's own score, as rare among healthy cells as the pipeline's."""
        if not (self.is_ensemble or self.is_in_fields):
            return self.threshold.cut
        tails = self.fusion if self.is_ensemble else self.neighbours.tails
        return tails.level(float(np.mean(self.calibration.scores > self.threshold.cut)))

    def in_fields(self) -> Pipeline:
        """The pipeline that judges the cells of one photo together, with a threshold and p-values for that.

        Itself where it does so already, or has not learnt to.
        """
        if self.is_in_fields or not self.neighbours.has_learnt:
            return self
        threshold = replace(self.threshold)
        threshold.cut = self.neighbours.cut
        calibration = self.neighbours.calibration
        return replace(self, threshold=threshold, calibration=calibration, is_in_fields=True)

    def prepare(self, image: Image8) -> Sample:
        """One image (height, width, 3) uint8 as the first member sees it; ImageError when it cannot be."""
        steps = self.shown.steps
        return _fitting(prepare(steps, image), self._learnt_shapes(steps))

    def prepare_views(self, images: Iterable[Image8]) -> Iterator[tuple[Sample, ...] | str]:
        """Each image as every view shows it, or why it cannot be assessed in one of them."""
        views = self.views
        shapes = [self._learnt_shapes(steps) for steps in views]
        for several in _in_groups(images):
            for prepared in prepare_all(views, several):
                yield _all_fitting(prepared, shapes)

    def _learnt_shapes(self, steps: Steps) -> set[tuple[int, ...]]:
        """The shapes that the detectors behind these steps learnt from."""
        members = [member for member in self.members if member.steps == steps]
        return {graph_shape(member.detector.graph_) for member in members} - {()}

    def open_networks(self) -> None:
        """Build up what the first picture would wait for: the sessions of the networks."""
        for member in self.members:
            graph_shape(member.detector.graph_)

    def maps(self, batch: Batch) -> Maps:
        """How unusual each pixel is to the first member, (n, height, width), positive where too dark."""
        return self.shown.maps(batch)

    def scores(self, *views: Batch) -> Scores:
        """One score a sample, (n,) float64, higher = more anomalous; NaN where nothing counts.

        One batch of the same cells for each of the pipeline's `views`.
        """
        if self.is_ensemble:
            return self.fusion.fuse(self.member_scores(*views))
        return self.shown.scores(views[0])

    def member_scores(self, *views: Batch) -> npt.NDArray[np.float64]:
        """The score of each member before it is fused, (n, members)."""
        known, made = self.views, list[tuple[Member, Maps]]()
        scores = []
        for member in self.members:
            batch = views[known.index(member.steps)]
            maps = next((maps for other, maps in made if other.sees_as(member)), None)
            maps = member.maps(batch) if maps is None else maps
            made.append((member, maps))
            scores.append(member.scores_of(maps, batch))
        return np.stack(scores, axis=1)

    def verdicts(self, images: Sequence[Image8], unlit: Thumbnails | None = None) -> list[Verdict]:
        """One verdict an image, in their order.

        An image that cannot be assessed gets its cause and no score. In fields the images are the cells of
        one photo, and `unlit` small copies of what the camera gave, where their brightness was changed.
        """
        samples, causes = self._prepared(images)
        rows = [row for row, cause in enumerate(causes) if cause is None]
        verdicts = [Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, cause) for cause in causes]
        if rows:
            batches = stacked(samples)
            counts = np.all([batch.masks.any(axis=(1, 2)) for batch in batches], axis=0)
            scores = self._in_company(self.scores(*batches), rows, images, unlit)
            decided = zip(rows, self.decide(scores), counts, strict=True)
            for row, verdict, has_pixels in decided:
                is_odd = has_pixels and verdict.cause == _NOTHING_LEFT
                verdicts[row] = replace(verdict, cause=Cause(CauseCode.NO_NUMBER)) if is_odd else verdict
        return verdicts

    def _in_company(
        self, scores: Scores, rows: Sequence[int], cells: Sequence[Image8], unlit: Thumbnails | None
    ) -> Scores:
        """The scores of the cells in these rows, in fields with what the comparison with all cells adds."""
        if not self.is_in_fields:
            return scores
        all_scores = np.full(len(cells), NAN)
        all_scores[rows] = scores
        return self.neighbours.scores(all_scores, looks(unlit or Thumbnails.of(cells)))[rows]

    def decide(self, scores: Scores) -> list[Verdict]:
        """One verdict a score: suspicious above the threshold; not assessable where the score is NaN.

        TrainingError when there is no threshold yet: nothing would be above it.
        """
        if np.isnan(self.threshold.cut):
            raise TrainingError(
                "The pipeline has no threshold yet (nan); fit its threshold before it decides."
            )
        p_values = self.threshold.p_values(scores, self.calibration)
        flags = self.threshold.decide(scores)
        for answer in (p_values, flags):
            check_answer(self.threshold, answer, scores.shape)
        return [
            _verdict(*row) for row in zip(scores.tolist(), p_values.tolist(), flags.tolist(), strict=True)
        ]

    def at_rate(self, rate: float) -> Pipeline:
        """The same pipeline with its rule fitted anew for another false-positive rate, nothing else learnt.

        ConfigError when the rule has no such rate, TrainingError when the calibration cells are too few.
        """
        threshold = self.threshold.at_rate(rate)
        healthy = np.zeros(len(self.calibration), np.int8)
        threshold.fit(self.calibration.scores, self.calibration.patients, healthy)
        return replace(self, threshold=threshold, neighbours=self.neighbours.cut_by(threshold))

    def _prepared(self, images: Sequence[Image8]) -> tuple[list[tuple[Sample, ...]], list[Cause | None]]:
        """The samples of what can be assessed, and for every image the cause why not, or None."""
        causes = self.gate.causes(images)
        passed = [row for row, cause in enumerate(causes) if cause is None]
        samples = []
        for row, result in zip(passed, self.prepare_views(images[row] for row in passed), strict=True):
            if isinstance(result, str):
                causes[row] = Cause(CauseCode.NOT_PREPARED, detail=result)
            else:
                samples.append(result)
        return samples, causes


def _in_groups(images: Iterable[Image8]) -> Iterator[list[Image8]]:
    """The images in groups that stay in the cache."""
    left = iter(images)
    while group := list(islice(left, _GROUP)):
        yield group


def _all_fitting(
    prepared: tuple[Sample, ...] | ImageError, shapes: Sequence[set[tuple[int, ...]]]
) -> tuple[Sample, ...] | str:
    """The samples of one image, or why it cannot be assessed."""
    if isinstance(prepared, ImageError):
        return str(prepared)
    try:
        return tuple(_fitting(*pair) for pair in zip(prepared, shapes, strict=True))
    except ImageError as error:
        return str(error)


def _fitting(sample: Sample, learnt: set[tuple[int, ...]]) -> Sample:
    """The sample; ImageError when it has none of the shapes that were learnt."""
    for shape in learnt - {sample.pixels.shape}:
        raise ImageError(
            f"after preprocessing it is {_said(sample.pixels.shape)}, but the detector learnt from "
            f'images of {_said(shape)}; give images of that size or train with the step "resize".'
        )
    return sample


def stack(samples: Sequence[Sample]) -> Batch:
    """Samples of one size as a batch, at least one; ConfigError when they are of several sizes."""
    sizes = sorted({sample.mask.shape for sample in samples})
    if len(sizes) > 1:
        raise ConfigError(
            f"The preprocessing gives images of {len(sizes)} sizes, from {sizes[0]} to {sizes[-1]} (height, "
            'width); add the step "resize".'
        )
    return Batch(
        np.stack([sample.pixels for sample in samples]), np.stack([sample.mask for sample in samples])
    )


def stacked(samples: Sequence[tuple[Sample, ...]]) -> tuple[Batch, ...]:
    """Samples of several views as one batch a view."""
    return tuple(stack(view) for view in zip(*samples, strict=True))


def _said(shape: tuple[int, ...]) -> str:
    return " x ".join(str(length) for length in shape)


def _verdict(score: float, p_value: float, is_flagged: bool) -> Verdict:
    if np.isnan(score):
        return Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, _NOTHING_LEFT)
    return Verdict(Outcome.SUSPICIOUS if is_flagged else Outcome.HEALTHY, score, p_value)
