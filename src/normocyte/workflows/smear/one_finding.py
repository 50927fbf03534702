"""Flagged cells that one blot of stain lies over are one finding, not several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Outcome
from normocyte.results.smear import Thing
from normocyte.segmentation.stain.blots import under_blots
from normocyte.workflows.smear.detections import may_be_red

Image8 = npt.NDArray[np.uint8]

PART = "under the blot of another finding (the cell with the highest score counts)"
_NEAR = 6.0


def one_finding_each(pixels: Image8, things: tuple[Thing, ...], diameter: float) -> tuple[Thing, ...]:
    """The things of a photo, where of flagged cells under one blot only that with the highest score counts.

    `diameter` is that of the usual red cell in pixels. The others are set aside with a reason. Cells that
    touch, each with a parasite of its own, are two findings.
    """
    flagged = [place for place, thing in enumerate(things) if thing.is_flagged]
    if not _any_near(things, flagged, _NEAR * diameter):
        return things
    red = {place: thing.cell for place, thing in enumerate(things) if may_be_red(thing.cell)}
    gone = {
        place
        for group in under_blots(pixels, red, flagged, diameter)
        for place in sorted(group, key=lambda place: -things[place].verdict.score)[1:]
    }
    return tuple(_set_aside(thing) if place in gone else thing for place, thing in enumerate(things))


def _any_near(things: Sequence[Thing], flagged: Sequence[int], least: float) -> bool:
    """True where the middles of two flagged cells are nearer than this; False for NaN."""
    cells = [things[place].cell for place in flagged]
    middles = np.array([(cell.x + cell.width / 2, cell.y + cell.height / 2) for cell in cells]).reshape(-1, 2)
    far = np.hypot(*(middles[:, np.newaxis] - middles).transpose(2, 0, 1))
    return bool(np.count_nonzero(far < least) > len(cells))


def _set_aside(thing: Thing) -> Thing:
    verdict = replace(thing.verdict, outcome=Outcome.NOT_ASSESSABLE, reason=PART)
    return Thing(thing.cell, verdict, is_counted=False)
