"""ROC and precision-recall, with bands by bootstrap over patients."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from normocyte.core.types import ANOMALY
from normocyte.reports.drawing import formatting, theme
from normocyte.results.evaluation import Contents, Curve

_FEW = 0.05
_BEHIND = ((0.29, 0.03), 0.695, 0.69)
"""The paper of the enlarged part with its numbers, so that no curve runs through them."""
_LOOKS = ((theme.ACCENT, "-", 2.2), (theme.MUTED, "--", 1.6), (theme.GREEN, ":", 1.8))


def lacks_roc(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    return _lacks(contents.roc)


def lacks_precision_recall(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    return _lacks(contents.precision_recall)


def _lacks(curves: tuple[Curve, ...]) -> str:
    is_there = any(curve.x.size for curve in curves)
    return "" if is_there else "This curve needs both kinds to test with, and one kind is missing."


def draw_roc(contents: Contents) -> Figure:
    """The sensitivity over the false-positive rate, and its first part once more, enlarged."""
    figure, axes = theme.new_axes("healthy, but flagged", f"{contents.anomaly}, and flagged", height=4.4)
    axes.plot([0, 1], [0, 1], color=theme.GRID, lw=1.4)
    _curves(axes, contents.roc)
    _percentages(axes)
    axes.add_patch(Rectangle(*_BEHIND, transform=axes.transAxes, fc=theme.PAPER, ec=theme.GRID, zorder=4.5))
    inner = axes.inset_axes((0.42, 0.13, 0.55, 0.5))
    _curves(inner, contents.roc)
    _percentages(inner)
    inner.set(xlim=(0, _FEW), ylim=(_lowest(contents.roc), 1.005))
    inner.set_title(f"enlarged: up to {100 * _FEW:g} % flagged", fontsize=9, loc="left")
    inner.tick_params(labelsize=8.5, length=2)
    theme.legend_below(figure)
    return figure


def draw_precision_recall(contents: Contents) -> Figure:
    """The precision over the recall, with the precision of flagging at random as a line."""
    figure, axes = theme.new_axes(
        f"recall: {contents.anomaly}, and flagged", "precision: flagged rightly", height=4.4
    )
    axes.axhline(_prevalence(contents), color=theme.GRID, lw=1.4)
    _curves(axes, contents.precision_recall)
    _percentages(axes)
    theme.legend_below(figure)
    return figure


def words_roc(contents: Contents) -> str:
    """What to read off the ROC."""
    curve, unit = contents.roc[0], contents.unit
    found = formatting.percent(float(np.interp(0.01, curve.x, curve.y)))
    text = (
        f"Up and to the left is better; the faint diagonal is guessing. Let 1 healthy {unit} in 100 be "
        f"flagged, and {curve.name} finds {found} of the {contents.anomaly} {unit}s."
    )
    return f"{text} {_band_words(curve, contents.who)}".strip()


def words_precision_recall(contents: Contents) -> str:
    """What to read off the precision-recall curve, and what it does not say."""
    curve, unit = contents.precision_recall[0], contents.unit
    precise = formatting.percent(float(np.interp(0.9, curve.x, curve.y)))
    text = (
        f"Up and to the right is better. To find 90 % of the {contents.anomaly} {unit}s, {curve.name} "
        f"flags {unit}s of which {precise} are {contents.anomaly} ones. Here "
        f"{formatting.percent(_prevalence(contents))} of all {unit}s are {contents.anomaly} ones (the faint "
        "line); where they are rarer, precision is lower, as the table shows."
    )
    return f"{text} {_band_words(curve, contents.who)}".strip()


def _band_words(curve: Curve, who: str) -> str:
    said = f"The band holds 95 % of what other {who} like these would give."
    return said if np.isfinite(curve.low).any() else ""


def _curves(axes: Axes, curves: tuple[Curve, ...]) -> None:
    """Each curve; the first one, which the report is about, on top and with its band."""
    for number, curve in enumerate(curves):
        colour, dashes, width = _LOOKS[min(number, len(_LOOKS) - 1)]
        order = len(curves) + 2 - number
        axes.plot(curve.x, curve.y, color=colour, ls=dashes, lw=width, label=curve.name, zorder=order)
    axes.fill_between(curves[0].x, curves[0].low, curves[0].high, color=theme.ACCENT, alpha=0.2, lw=0)


def _percentages(axes: Axes) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1.01))
    theme.percentages(axes.xaxis)
    theme.percentages(axes.yaxis)


def _lowest(curves: tuple[Curve, ...]) -> float:
    """The floor of the enlarged part: a round tenth below what the first curve reaches at one percent."""
    reached = float(np.interp(0.01, curves[0].x, curves[0].y))
    return max(0.0, float(np.floor(10 * reached - 2)) / 10)


def _prevalence(contents: Contents) -> float:
    labels = contents.cells.labels
    return float(np.mean(labels == ANOMALY)) if labels.size else float("nan")
