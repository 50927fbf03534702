"""Whether so many cells of a photo could be judged that they may stand for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from normocyte.cell_checks.gate import REFUSED
from normocyte.photo_checks.gate import Finding, Grade
from normocyte.pipeline.pipeline import NAN
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
    said = _sentence(judged, asked)
    if judged >= _LEAST * len(asked):
        return Finding(Grade.USABLE, (*finding.reasons, said), finding.measures), detections
    unasked = Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, said)
    kept = tuple(
        replace(detection, verdict=unasked, is_counted=False) if detection.is_counted else detection
        for detection in detections
    )
    return Finding(Grade.UNUSABLE, (said, *finding.reasons), finding.measures), kept


def _sentence(judged: int, asked: Sequence[Detection]) -> str:
    """How many could be judged, and what the detector says of most others."""
    why = Counter(_fault(detection) for detection in asked if not detection.is_counted).most_common(1)[0][0]
    example = next(
        detection.verdict.reason
        for detection in asked
        if _fault(detection) == why and not detection.is_counted
    )
    some = f"Only {judged:,}" if judged else "None"
    return (
        f"{some} of {len(asked):,} red cells could be judged; of most others is said: "
        f"{example.removeprefix(f'{REFUSED}: ')}."
    )


def _fault(detection: Detection) -> str:
    return detection.verdict.reason.partition(" (")[0]
