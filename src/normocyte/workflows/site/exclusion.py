"""Sets aside the cells of presumed-healthy smears that a bundle finds odd: they may be infected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Flags
from normocyte.core.percent import percent
from normocyte.core.types import Part
from normocyte.datasets.splits.split import Split

OF_LEARNING = 0.05
OF_CALIBRATION = 0.02


@dataclass(frozen=True)
class SetAside:
    """How many of so many cells to learn from, and to calibrate with, were left out."""

    learning: int
    of_learning: int
    calibration: int
    of_calibration: int

    @property
    def sentence(self) -> str:
        """What was set aside, why, and what follows where those cells were healthy all the same."""
        share = self.calibration / self.of_calibration
        doubt = (
            f" If these are healthy all the same, the cut flags up to {percent(share)} more than it states."
            if self.calibration
            else ""
        )
        return (
            f"Set aside, because the bundle that was given finds them odd and they may be infected: "
            f"{self.learning:,} of {self.of_learning:,} cells to learn from and {self.calibration:,} of "
            f"{self.of_calibration:,} calibration cells.{doubt}"
        )


def set_aside(parts: Split, scores: Mapping[Path, float], cut: float) -> tuple[Split, SetAside]:
    """The split without the cells that are odd to a bundle which gave them these scores, by their path.

    Of the cells to learn from it leaves out the oddest 5 %: a network or a tail learns little from cells that
    are common, and 2 % infected ones spoil it. Of calibration cells only those above the bundle's own cut,
    for each healthy one that is missing raises the rate at which healthy cells are flagged, and at most the
    oddest 2 %, for the bundle's cut may not hold at this site.
    """
    own = np.array([scores[record.source.path] for record in parts.records])
    standing = np.array(parts.parts)
    learning = np.isin(standing, [Part.TRAIN, Part.HELD_OUT])
    calibration = standing == Part.CALIBRATION
    odd_learning = learning & _oddest(own, learning, OF_LEARNING)
    odd_calibration = calibration & (own > cut) & _oddest(own, calibration, OF_CALIBRATION)
    counts = (int(np.count_nonzero(rows)) for rows in (odd_learning, learning, odd_calibration, calibration))
    left_out = odd_learning | odd_calibration
    kept = tuple(Part.LEFT_OUT if odd else part for odd, part in zip(left_out, parts.parts, strict=True))
    return replace(parts, parts=kept), SetAside(*counts)


def _oddest(scores: npt.NDArray[np.float64], among: Flags, share: float) -> Flags:
    """Which lie above the quantile that this share of those `among` exceeds; never one without a score."""
    known = scores[among & np.isfinite(scores)]
    return scores > (np.quantile(known, 1 - share, method="higher") if len(known) else np.inf)
