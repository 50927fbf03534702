"""How the scores of both classes lie around the threshold, on the axis of scores that all figures share."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from normocyte.core.types import ANOMALY, HEALTHY, Floats, Scores
from normocyte.reports.drawing import formatting, theme
from normocyte.reports.evaluation import healthy
from normocyte.results.evaluation import Contents
from normocyte.wording.articles import a

X = "score (higher is more unusual)"
_BINS = 48
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
    """An axis that holds nearly all finite scores and every finite threshold."""
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
    """A threshold for a legend."""
    return f"{rule}: {formatting.score(cut)}"


def axis_of(contents: Contents) -> ScoreAxis:
    """The axis of a report: its scores and all its thresholds."""
    return score_axis(
        contents.cells.scores, (*(row.threshold for row in contents.thresholds), contents.threshold)
    )


def lacks(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    return (
        ""
        if np.isfinite(contents.cells.scores).any()
        else f"No test {contents.unit} has a score, so there is nothing to draw."
    )


def draw(contents: Contents) -> Figure:
    """One histogram a class, each as a share of its own class, with the threshold as a line."""
    figure, axes = theme.new_axes(X, f"share of {contents.unit}s of each kind")
    paint(axes, contents)
    theme.legend_below(figure)
    return figure


def paint(axes: Axes, contents: Contents) -> None:
    """The histograms and the threshold on these axes, without a legend."""
    cells = contents.cells
    axis = axis_of(contents)
    histogram(axes, axis, cells.scores[cells.labels == HEALTHY], ("healthy", theme.HEALTHY))
    histogram(axes, axis, cells.scores[cells.labels == ANOMALY], (contents.anomaly, theme.ANOMALOUS))
    if np.isfinite(contents.threshold):
        axes.axvline(
            contents.threshold,
            color=theme.INK,
            ls="--",
            lw=1.4,
            label=f"threshold: {formatting.score(contents.threshold)}",
        )
    axis.apply(axes)
    axes.grid(visible=False, axis="x")
    theme.percentages(axes.yaxis)


def words(contents: Contents) -> str:
    """What the figure shows, with the cells on the wrong side counted."""
    if not contents.has_anomalies:
        return healthy.scores_in_words(contents)
    cells = contents.cells
    above = cells.flagged
    normal, anomalous = cells.labels == HEALTHY, cells.labels == ANOMALY
    wrong = formatting.part_of(int(np.sum(above & normal)), int(np.sum(normal)))
    found = formatting.part_of(int(np.sum(above & anomalous)), int(np.sum(anomalous)))
    unit, anomaly = contents.unit, contents.anomaly
    return (
        f"The less the two colours overlap, the better. Right of the dashed line {a(unit)} {unit} is "
        f"flagged: there lie {wrong} healthy {unit}s, which are false alarms, and {found} {anomaly} {unit}s, "
        "which are found. Each colour adds up to 100 % of its own kind; the outermost bars also hold what "
        "lies beyond them."
    )


def histogram(axes: Axes, axis: ScoreAxis, scores: Scores, look: tuple[str, str]) -> None:
    """The shares of one class, filled softly so that the other one shines through."""
    finite = scores[~np.isnan(scores)]
    if not finite.size:
        return
    edges = axis.edges(_BINS)
    counts, _ = np.histogram(np.clip(finite, edges[0], edges[-1]), edges)
    name, colour = look
    axes.stairs(counts / finite.size, edges, fill=True, color=colour, alpha=0.28, lw=0)
    axes.stairs(counts / finite.size, edges, color=colour, lw=1.6, label=name)
