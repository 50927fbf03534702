"""The figure of a batch: the scores of all images, and the flagged share of each group."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from normocyte.reports.drawing import theme
from normocyte.results.batch import Summary

_MANY = 30
"""With more groups their names would not be read; only some are written."""


def draw(summary: Summary) -> Figure:
    """The score distribution, and below it one dot a group where there are several."""
    has_groups = len(summary.groups) > 1
    figure = theme.new_figure(width=8.2, height=5.6 if has_groups else 3.2)
    axes = figure.subplots(2 if has_groups else 1, 1, squeeze=False)[:, 0]
    _draw_scores(axes[0], summary)
    if has_groups:
        _draw_groups(axes[1], summary)
    return figure


def _draw_scores(axes: Axes, summary: Summary) -> None:
    if summary.bars:
        axes.stairs(summary.bars, summary.edges, fill=True, color=theme.HEALTHY)
    axes.set_xlabel("anomaly score, outermost thousandths in the outer bars")
    axes.set_ylabel("images")
    axes.ticklabel_format(axis="y", style="plain")


def _draw_groups(axes: Axes, summary: Summary) -> None:
    places = np.arange(len(summary.groups))
    shares = [np.nan if one.flagged_share is None else one.flagged_share for one in summary.groups]
    colours = [theme.ANOMALOUS if one.is_unlike else theme.HEALTHY for one in summary.groups]
    axes.scatter(places, shares, c=colours, s=24)
    step = -(-len(places) // _MANY)
    names = [one.name for one in summary.groups]
    axes.set_xticks(places[::step], names[::step], rotation=45, ha="right", rotation_mode="anchor")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("flagged")
    axes.set_title(f"by {summary.by}; orange: scores unlike all others", loc="left", fontsize=11)
