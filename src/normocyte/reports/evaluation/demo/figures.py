"""The figures of a demo: the errors of each method, and what moving its threshold trades."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from normocyte.core.files import write_bytes
from normocyte.core.types import ANOMALY, HEALTHY, Floats, Labels, Scores
from normocyte.reports.drawing import theme
from normocyte.reports.drawing.html import for_page
from normocyte.reports.evaluation.distribution import histogram, score_axis
from normocyte.reports.evaluation.figures import Shown
from normocyte.results.demo import DemoContents, Method

_ALARMS = 0.2
"""So far the axis of false alarms reaches at least."""
_LOOKS = ((theme.GREEN, ":", 2.2), (theme.MUTED, "--", 2.0), (theme.ACCENT, "-", 2.4))
"""Of the methods from the simplest on, as in the curves of an evaluation."""


def errors_name(method: Method) -> str:
    """The name of the figure with the errors of this method."""
    return f"errors_{method.name.replace(' ', '_')}"


def write_demo_figures(contents: DemoContents, folder: Path) -> dict[str, Shown]:
    """Write each figure as PNG and SVG; gives the SVG that the page shows, by name."""
    with theme.styled():
        drawn = {errors_name(method): draw_errors(method, contents) for method in contents.methods}
        drawn["trade"] = draw_trade(contents)
        return {name: _write(figure, folder / name) for name, figure in drawn.items()}


def _write(figure: Figure, place: Path) -> Shown:
    svg = theme.svg_of(figure)
    write_bytes(place.with_suffix(".svg"), svg)
    write_bytes(place.with_suffix(".png"), theme.png_of(figure))
    return Shown(for_page(svg.decode("utf-8"), place.name), "")


def draw_errors(method: Method, contents: DemoContents) -> Figure:
    """One histogram a kind of cell, with the thresholds before and after tuning and at 99 % specificity."""
    evaluation = contents.evaluation
    figure = theme.new_figure(width=4.4, height=3.7)
    axes = figure.add_subplot(ylabel=f"share of {evaluation.unit}s of a kind")
    axes.tick_params(length=3)
    marks = [(method.strict, "99 % specificity", theme.INK, "-"), *_thresholds(method)]
    axis = score_axis(method.scores, tuple(value for value, *_ in marks))
    labels = evaluation.cells.labels
    histogram(axes, axis, method.scores[labels == HEALTHY], ("healthy", theme.HEALTHY))
    histogram(axes, axis, method.scores[labels == ANOMALY], (evaluation.anomaly, theme.ANOMALOUS))
    for value, name, colour, dashes in marks:
        axes.axvline(value, color=colour, ls=dashes, lw=1.5, label=name)
    axis.apply(axes)
    axes.set_xlabel(f"error (anomaly score{', log scale' if axis.is_logarithmic else ''})")
    if not axis.is_logarithmic:
        axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.grid(visible=False, axis="x")
    theme.percentages(axes.yaxis)
    theme.legend_below(figure, columns=2)
    return figure


def _thresholds(method: Method) -> list[tuple[float, str, str, str]]:
    """The thresholds before and after tuning, with name, colour and dashes."""
    marks = [(method.before.threshold, "before tuning", theme.INK, ":")]
    if method.after:
        marks.append((method.after.threshold, "tuned for F1", theme.ACCENT, "--"))
    return [mark for mark in marks if np.isfinite(mark[0])]


def draw_trade(contents: DemoContents) -> Figure:
    """What is found against false alarms as the threshold falls, with both thresholds of each method."""
    evaluation = contents.evaluation
    figure = theme.new_figure(width=5.4, height=4.6)
    axes = figure.add_subplot(
        xlabel=f"healthy {evaluation.unit}s flagged", ylabel=f"{evaluation.anomaly} {evaluation.unit}s found"
    )
    axes.axvline(0.01, color=theme.INK, lw=1, label="99 % specificity")
    most = _most_alarms(contents)
    for method, look in zip(contents.methods, _LOOKS[-len(contents.methods) :], strict=True):
        _curve(axes, method, evaluation.cells.labels, look)
    axes.set(xlim=(-0.01 * most, most), ylim=(0, 1.02))
    theme.percentages(axes.xaxis)
    theme.percentages(axes.yaxis)
    axes.plot([], [], "o", mfc="none", color=theme.INK, label="before tuning")
    axes.plot([], [], "o", color=theme.INK, label="tuned for F1")
    theme.legend_below(figure, columns=2)
    return figure


def _most_alarms(contents: DemoContents) -> float:
    """Where the axis ends, so that all thresholds lie on it."""
    rows = [row for method in contents.methods for row in (method.before, method.after) if row]
    return min(1.0, max(_ALARMS, *(1.1 * row.false_positive_rate for row in rows)))


def _curve(axes: Axes, method: Method, labels: Labels, look: tuple[str, str, float]) -> None:
    colour, dashes, width = look
    alarms, found = trade_curve(method.scores, labels)
    axes.plot(alarms, found, color=colour, ls=dashes, lw=width, label=method.name)
    for row, is_filled in ((method.before, False), (method.after, True)):
        if row:
            inside = "full" if is_filled else "none"
            place = (row.false_positive_rate, row.recall)
            axes.plot(*place, "o", color=colour, fillstyle=inside, ms=8, mew=1.8, clip_on=False)


def trade_curve(scores: Scores, labels: Labels) -> tuple[Floats, Floats]:
    """The shares of healthy and of anomalous cells above each threshold, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    is_last = np.append(np.diff(scores[order]) != 0, True)
    healthy, anomalous = (np.cumsum(labels[order] == label)[is_last] for label in (HEALTHY, ANOMALY))
    return np.append(0, healthy / healthy[-1]), np.append(0, anomalous / anomalous[-1])
