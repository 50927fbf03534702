"""What the cells of a photo say together: blots that are one finding, too few cells to stand for others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from normocyte.core.types import Image8
from normocyte.photo_checks.gate import Finding
from normocyte.pipeline.pipeline import NAN
from normocyte.results.smear import Detection
from normocyte.results.verdict import Cause, CauseCode, Grade, Outcome, Verdict
from normocyte.segmentation.stain.blots import under_blots
from normocyte.workflows.smear.detections import may_be_red

_NEAR = 6.0
_LEAST, _USUAL = 1 / 3, 2 / 3
"""Below the first the cells without a verdict outnumber the others two to one."""


def one_finding_each(
    pixels: Image8, detections: tuple[Detection, ...], diameter: float
) -> tuple[Detection, ...]:
    """The things of a photo, where of flagged cells under one blot only that with the highest score counts.

    `diameter` is that of the usual red cell in pixels. The others are set aside. Cells that
    touch, each with a parasite of its own, are two findings.
    """
    flagged = [index for index, detection in enumerate(detections) if detection.is_flagged]
    if not _any_near(detections, flagged, _NEAR * diameter):
        return detections
    red = {index: detection.cell for index, detection in enumerate(detections) if may_be_red(detection.cell)}
    gone = {
        place
        for group in under_blots(pixels, red, flagged, diameter)
        for place in sorted(group, key=lambda place: -detections[place].verdict.score)[1:]
    }
    return tuple(
        _set_aside(detection) if index in gone else detection for index, detection in enumerate(detections)
    )


def _any_near(detections: Sequence[Detection], flagged: Sequence[int], least: float) -> bool:
    """True where the middles of two flagged cells are nearer than this; False for NaN."""
    cells = [detections[place].cell for place in flagged]
    middles = np.array([(cell.x + cell.width / 2, cell.y + cell.height / 2) for cell in cells]).reshape(-1, 2)
    far = np.hypot(*(middles[:, np.newaxis] - middles).transpose(2, 0, 1))
    return bool(np.count_nonzero(far < least) > len(cells))


def _set_aside(detection: Detection) -> Detection:
    verdict = replace(detection.verdict, outcome=Outcome.NOT_ASSESSABLE, cause=Cause(CauseCode.UNDER_BLOT))
    return Detection(detection.cell, verdict, is_counted=False)


def with_share(finding: Finding, detections: tuple[Detection, ...]) -> tuple[Finding, tuple[Detection, ...]]:
    """The finding on a photo, with what the share of its red cells that could be judged adds to it.

    Below a third the photo is unusable and nothing in it counts: what was refused may be what is sick.
    """
    asked = [detection for detection in detections if may_be_red(detection.cell)]
    judged = sum(detection.is_counted for detection in asked)
    if judged >= _USUAL * len(asked):
        return finding, detections
    cause = _cause(judged, asked)
    if judged >= _LEAST * len(asked):
        return Finding(Grade.USABLE, (*finding.causes, cause), finding.measures), detections
    unasked = Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, cause)
    kept = tuple(
        replace(detection, verdict=unasked, is_counted=False) if detection.is_counted else detection
        for detection in detections
    )
    return Finding(Grade.UNUSABLE, (cause, *finding.causes), finding.measures), kept


def _cause(judged: int, asked: Sequence[Detection]) -> Cause:
    """How many could be judged, with the first cause of the kind that most others have."""
    causes = [one.verdict.cause for one in asked if one.verdict.cause and not one.is_counted]
    most = Counter(cause.group for cause in causes).most_common(1)[0][0]
    first = next(cause for cause in causes if cause.group == most)
    return Cause(CauseCode.FEW_JUDGED, value=judged, of=len(asked), inner=first)
