"""The axis on which scores lie, the same in every figure of a report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from normocyte.core.arrays import Floats, Scores
from normocyte.reports.drawing import formatting, theme
from normocyte.results.evaluation import Contents

_OUTER = (0.2, 99.5)
_WIDE = 30.0


@dataclass(frozen=True, slots=True)
class ScoreAxis:
    """From where to where, and whether in powers; cells beyond the ends are drawn at the ends."""

    low: float
    high: float
    is_logarithmic: bool

    def edges(self, bins: int) -> Floats:
        """The borders of so many bins of equal width to the eye, (bins + 1,)."""
        space = np.geomspace if self.is_logarithmic else np.linspace
        return np.asarray(space(self.low, self.high, bins + 1))

    def apply(self, axes: Axes) -> None:
        """Give the horizontal axis these ends and plain numbers."""
        axes.set_xscale("log" if self.is_logarithmic else "linear")
        axes.set_xlim(self.low, self.high)
        if self.is_logarithmic:
            theme.label_powers(axes.xaxis, self.low, self.high)


def score_axis(scores: Scores, cuts: tuple[float, ...]) -> ScoreAxis:
    """An axis that holds nearly all finite scores and every finite cut."""
    finite = scores[np.isfinite(scores)]
    if not finite.size:
        return ScoreAxis(0.0, 1.0, is_logarithmic=False)
    marks = [cut for cut in cuts if np.isfinite(cut)]
    low, high = np.percentile(finite, _OUTER)
    low, high = float(min(low, *marks, high)), float(max(high, *marks, low))
    if low > 0 and high / low > _WIDE:
        return ScoreAxis(low / 1.05, high * 1.05, is_logarithmic=True)
    room = 0.03 * (high - low) or 0.5
    return ScoreAxis(low - room, high + room, is_logarithmic=False)


def cut_label(rule: str, cut: float) -> str:
    """A cut for a legend."""
    return f"{rule}: {formatting.score(cut)}"


def axis_of(contents: Contents) -> ScoreAxis:
    """The axis of a report: its scores and all its cuts."""
    return score_axis(
        contents.cells.scores, (*(row.threshold for row in contents.thresholds), contents.threshold)
    )
