"""The figure of a compute study: what a better detector costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from normocyte.core.errors import OutputError
from normocyte.core.files import write_bytes
from normocyte.reports.comparison.chart import Candidate, pareto_front, scale_times
from normocyte.reports.drawing import theme

_COLOURS = colormaps["viridis"]
_SMALLEST, _LARGEST = 30.0, 320.0


@dataclass(frozen=True, slots=True)
class Measured(Candidate):
    """One detector of the study."""

    name: str
    parameters: int
    image_size_px: int


def write_pareto(candidates: Sequence[Measured], path: Path, quality: str = "AUROC") -> tuple[Path, Path]:
    """Write the figure beside `path` as PNG and SVG (the ending of `path` is replaced); gives both paths.

    Raises OutputError when there is no candidate, or one whose time or quality cannot be drawn.
    """
    _check(candidates)
    with theme.styled():
        figure = _draw(candidates, quality)
        contents = (theme.png_of(figure), theme.svg_of(figure))
    paths = (path.with_suffix(".png"), path.with_suffix(".svg"))
    for place, content in zip(paths, contents, strict=True):
        write_bytes(place, content)
    return paths


def _check(candidates: Sequence[Measured]) -> None:
    if not candidates:
        raise OutputError("There are 0 candidates to draw; measure at least one detector.")
    for one in candidates:
        if not (np.isfinite(one.ms_per_cell) and one.ms_per_cell > 0 and np.isfinite(one.quality)):
            raise OutputError(
                f"'{one.name}' takes {one.ms_per_cell} ms a cell and reaches {one.quality}; "
                "the time must be above 0 and both must be finite numbers."
            )


def _draw(candidates: Sequence[Measured], quality: str) -> Figure:
    """Time across in powers, quality upwards, size as size, image size as colour."""
    figure = theme.new_figure(width=9.0, height=4.6)
    axes = figure.add_subplot(
        xlabel="milliseconds a cell (fewer is better)", ylabel=f"{quality} (higher is better)"
    )
    front = pareto_front(candidates)
    _draw_front(axes, front)
    sizes = sorted({one.image_size_px for one in candidates})
    for index, size in enumerate(sizes):
        those = [one for one in candidates if one.image_size_px == size]
        axes.scatter(
            [one.ms_per_cell for one in those],
            [one.quality for one in those],
            s=_areas(those, candidates),
            color=_COLOURS(0.08 + 0.8 * index / max(len(sizes) - 1, 1)),
            edgecolor=theme.PAPER,
            linewidth=0.8,
            alpha=0.9,
            label=f"{size} px",
            zorder=3,
        )
    scale_times(axes, candidates)
    axes.set_title(_size_words(candidates), fontsize=9.5, color=theme.MUTED, loc="left")
    theme.legend_below(figure, columns=6)
    return figure


def _draw_front(axes: Axes, front: list[Measured]) -> None:
    """The best that each amount of time buys, as steps; numbers lead to the names beside the plot."""
    times, values = [one.ms_per_cell for one in front], [one.quality for one in front]
    axes.step(times, values, where="post", color=theme.ACCENT, lw=1.6, label="best for its time", zorder=2)
    for number, place in enumerate(zip(times, values, strict=True), start=1):
        axes.annotate(
            str(number),
            place,
            (-8, 7),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            fontweight="bold",
        )
    names = "\n".join(f"{number}  {one.name}" for number, one in enumerate(front, start=1))
    axes.text(1.03, 1.0, names, transform=axes.transAxes, va="top", fontsize=9.5, linespacing=1.7)


def _areas(those: Sequence[Measured], candidates: Sequence[Measured]) -> list[float]:
    """Marker areas that grow with the number of parameters, by its logarithm."""
    logs = np.log1p([one.parameters for one in candidates])
    low, spread = float(logs.min()), float(np.ptp(logs)) or 1.0
    shares = (np.log1p([one.parameters for one in those]) - low) / spread
    return [float(area) for area in _SMALLEST + (_LARGEST - _SMALLEST) * shares]


def _size_words(candidates: Sequence[Measured]) -> str:
    counts = [one.parameters for one in candidates]
    return f"A larger mark has more parameters: from {min(counts):,} to {max(counts):,}."
