"""The figure of realised rates: for each rule and asked rate, how 200 draws of patients came out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from normocyte.core.files import write_bytes
from normocyte.reports.drawing import theme

LOWEST, HIGHEST = 5e-4, 0.3
Panels = dict[str, dict[str, Sequence[float]]]


def write_figure(panels: Panels, nominal: dict[str, float], place: Path) -> None:
    """One panel for each asked rate: of each rule the draws as a box from 5 to 95 %, as PNG and SVG."""
    with theme.styled():
        figure = theme.new_figure(width=10.0, height=1.6 + 0.42 * max(map(len, panels.values())))
        plots = figure.subplots(1, len(panels), sharey=True)
        for axes, (title, by_rule) in zip(plots, panels.items(), strict=True):
            _draw(axes, by_rule, nominal[title])
            axes.set_title(title, fontsize=11, loc="left")
        names = list(next(iter(panels.values())))
        plots[0].set_yticks(range(len(names)), names)
        plots[0].invert_yaxis()
        theme.legend_below(figure)
        for ending, content in ((".png", theme.png_of(figure)), (".svg", theme.svg_of(figure))):
            write_bytes(place.with_suffix(ending), content)


def _draw(axes: Axes, by_rule: dict[str, Sequence[float]], nominal: float) -> None:
    """A line from 5 to 95 % of the draws, a bar over their middle half, a mark at the middle one."""
    axes.axvline(nominal, color=theme.ANOMALOUS, lw=1.6, label="asked for", zorder=1)
    for row, rates in enumerate(by_rule.values()):
        if not len(rates):
            axes.text(nominal, row, " refuses", color=theme.MUTED, va="center", fontsize=10)
            continue
        low, quarter, middle, most, high = np.maximum(
            np.quantile(rates, [0.05, 0.25, 0.5, 0.75, 0.95]), LOWEST
        )
        label = {name: name if row == _first(by_rule) else None for name in ("5 to 95 %", "median")}
        axes.plot([low, high], [row, row], color=theme.HEALTHY, lw=1.8, label=label["5 to 95 %"])
        axes.plot([quarter, most], [row, row], color=theme.HEALTHY, lw=8, alpha=0.45, solid_capstyle="butt")
        axes.plot(middle, row, "o", color=theme.INK, ms=5.5, label=label["median"], zorder=3)
    axes.set_xscale("log")
    axes.set_xlim(LOWEST, HIGHEST)
    axes.set_xticks([0.001, 0.01, 0.1], ["0.1 %", "1 %", "10 %"])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("healthy cells flagged")


def _first(by_rule: dict[str, Sequence[float]]) -> int:
    """The first row that has something to draw."""
    return next((row for row, rates in enumerate(by_rule.values()) if len(rates)), 0)
