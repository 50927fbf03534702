"""Whether so many cells of a photo could be judged that they may stand for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from normocyte.photo_checks.gate import Finding
from normocyte.pipeline.pipeline import NAN
from normocyte.results.cause import Cause, CauseCode
from normocyte.results.grade import Grade
from normocyte.results.smear import Detection
from normocyte.results.verdict import Outcome, Verdict
from normocyte.workflows.smear.detections import may_be_red

_LEAST, _USUAL = 1 / 3, 2 / 3
"""Below the first the cells without a verdict outnumber the others two to one."""


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
