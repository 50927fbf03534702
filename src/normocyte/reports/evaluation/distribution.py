"""How the scores of both classes lie around the cut."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from normocyte.core.arrays import Scores
from normocyte.core.types import ANOMALY, HEALTHY
from normocyte.reports.drawing import formatting, theme
from normocyte.reports.evaluation.score_axis import ScoreAxis, axis_of
from normocyte.results.evaluation import Contents

_BINS = 48


def lacks(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    return (
        ""
        if np.isfinite(contents.cells.scores).any()
        else "No test cell has a score, so there is nothing to draw."
    )


def draw(contents: Contents) -> Figure:
    """One histogram a class, each as a share of its own class, with the cut as a line."""
    cells = contents.cells
    figure, axes = theme.new_axes("score (higher is more unusual)", f"share of {contents.unit}s of each kind")
    axis = axis_of(contents)
    _histogram(axes, axis, cells.scores[cells.labels == HEALTHY], ("healthy", theme.HEALTHY))
    _histogram(axes, axis, cells.scores[cells.labels == ANOMALY], (contents.anomaly, theme.ANOMALOUS))
    if np.isfinite(contents.threshold):
        axes.axvline(
            contents.threshold,
            color=theme.INK,
            ls="--",
            lw=1.4,
            label=f"cut: {formatting.score(contents.threshold)}",
        )
    axis.apply(axes)
    axes.grid(visible=False, axis="x")
    theme.percentages(axes.yaxis)
    theme.legend_below(figure)
    return figure


def words(contents: Contents) -> str:
    """What the figure shows, with the cells on the wrong side counted."""
    cells = contents.cells
    above = cells.flagged
    healthy, anomalous = cells.labels == HEALTHY, cells.labels == ANOMALY
    wrong = formatting.part_of(int(np.sum(above & healthy)), int(np.sum(healthy)))
    found = formatting.part_of(int(np.sum(above & anomalous)), int(np.sum(anomalous)))
    unit, anomaly = contents.unit, contents.anomaly
    return (
        f"The less the two colours overlap, the better. Right of the dashed line a {unit} is flagged: "
        f"there lie {wrong} healthy {unit}s, which are false alarms, and {found} {anomaly} {unit}s, which "
        "are found. Each colour adds up to 100 % of its own kind; the outermost bars also hold what lies "
        "beyond them."
    )


def _histogram(axes: Axes, axis: ScoreAxis, scores: Scores, look: tuple[str, str]) -> None:
    """The shares of one class, filled softly so that the other one shines through."""
    finite = scores[~np.isnan(scores)]
    if not finite.size:
        return
    edges = axis.edges(_BINS)
    counts, _ = np.histogram(np.clip(finite, edges[0], edges[-1]), edges)
    name, colour = look
    axes.stairs(counts / finite.size, edges, fill=True, color=colour, alpha=0.28, lw=0)
    axes.stairs(counts / finite.size, edges, color=colour, lw=1.6, label=name)
