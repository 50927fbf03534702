"""Flagged cells that one blot of stain lies over are one finding, not several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from normocyte.core.arrays import Image8
from normocyte.results.cause import Cause, CauseCode
from normocyte.results.smear import Detection
from normocyte.results.verdict import Outcome
from normocyte.segmentation.stain.blots import under_blots
from normocyte.workflows.smear.detections import may_be_red

_NEAR = 6.0


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
