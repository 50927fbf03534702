"""The figure of infected cells by field: flagged against annotated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from normocyte.core.files import write_bytes
from normocyte.reports.drawing import theme
from studies.smears.judged import Judged

AREA = 14.0
MOST = 12
"""Flagged cells of a field from which on they are drawn in one place."""
FEWEST = 3
"""Fewer fields than this have no mean worth drawing."""


def write_figure(sets: dict[str, Judged], place: Path) -> None:
    """A panel a bundle: a circle for each pair of counts, as large as it is frequent, as PNG and SVG."""
    with theme.styled():
        figure = theme.new_figure(width=4.6 * len(sets), height=4.4)
        panels = figure.subplots(1, len(sets), sharey=True, squeeze=False)[0]
        for axes, (name, found) in zip(panels, sets.items(), strict=True):
            _draw(axes, found)
            axes.set_title(f"{name} ({len(found.fields)})", fontsize=10, loc="left")
            axes.set_xlabel("annotated infected cells of a field")
        panels[0].set_ylabel("flagged cells of the field")
        theme.legend_below(figure)
        for ending, content in ((".png", theme.png_of(figure)), (".svg", theme.svg_of(figure))):
            write_bytes(place.with_suffix(ending), content)


def _draw(axes: Axes, found: Judged) -> None:
    """Circles, the line on which both counts are the same, and the mean flagged for each annotated number."""
    pairs = np.stack([found.infected, np.minimum(found.flagged, MOST)], axis=1)
    (infected, flagged), counts = (own.T for own in np.unique(pairs, axis=0, return_counts=True))
    top = int(infected.max())
    axes.plot([0, top], [0, top], color=theme.MUTED, lw=1.2, ls="--", label="as many")
    look = {"color": theme.HEALTHY, "alpha": 0.45, "lw": 0}
    axes.scatter(infected, flagged, s=AREA * counts, **look)
    axes.scatter([], [], s=10 * AREA, label="10 fields", **look)
    numbers = [n for n in range(top + 1) if np.count_nonzero(found.infected == n) >= FEWEST]
    means = [found.flagged[found.infected == number].mean() for number in numbers]
    axes.plot(numbers, means, "o-", color=theme.INK, ms=4.5, lw=1.4, label="mean")
    ticks = range(0, MOST + 1, 2)
    axes.set_yticks(ticks, [f"{tick}" if tick < MOST else f"{MOST} or more" for tick in ticks])
    axes.set_ylim(-1.2, MOST + 0.7)
    axes.set_xticks(range(top + 1))
