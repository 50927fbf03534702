"""One look for all figures: colours that colour-blind readers tell apart, and quiet axes."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # imported where it draws: who only asks for a colour does not wait for it
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

INK = "#1f2430"
MUTED = "#667085"
GRID = "#e4e7ec"
PAPER = "#ffffff"
HEALTHY = "#0072b2"
ANOMALOUS = "#d55e00"
ACCENT = "#6941a5"
GREEN = "#00805f"

VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    PAPER: "--card",
    HEALTHY: "--healthy",
    ANOMALOUS: "--anomalous",
    ACCENT: "--accent",
    GREEN: "--green",
}
"""The name in the page's style sheet of each colour, so that figures follow the reader's light or dark."""

_RULES: dict[RcKeyType, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": PAPER,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 11,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.h_pad": 0.1,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.facecolor": PAPER,
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "normocyte",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 10,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 10,
}
_DOTS_PER_INCH = 200
_EFFORT = 3
"""Of the compression of a PNG: half the time of 6, its default, for files that are 4 % larger."""
_MANY_POWERS = 3


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour such as `#1f2430`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Matplotlib's rules for our figures while the block runs; the caller's own rules come back after it."""
    import matplotlib as mpl

    with mpl.rc_context(_RULES):
        yield


def new_figure(width: float = 5.2, height: float = 3.5) -> Figure:
    """An empty figure of this many inches that makes room for its own labels."""
    from normocyte.reports.drawing.sheet import Sheet

    return Sheet(figsize=(width, height), layout="constrained")


def new_axes(x: str, y: str, height: float = 3.5) -> tuple[Figure, Axes]:
    """A figure with one plot whose axes carry these names."""
    figure = new_figure(height=height)
    axes = figure.add_subplot(xlabel=x, ylabel=y)
    axes.tick_params(length=3)
    return figure, axes


def percentages(axis: Axis) -> None:
    """Shares along this axis written as percentages."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.3g}\N{NO-BREAK SPACE}%"))


def _round_numbers(low: float, high: float) -> list[float]:
    """The numbers 1, 2 and 5 of every power of ten from low to high, or 1 alone over many powers."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    steps = (1, 2, 5) if np.log10(high / low) <= _MANY_POWERS else (1,)
    numbers = [step * 10.0**power for power in powers for step in steps]
    return [number for number in numbers if low <= number <= high] or [low, high]


def label_powers(axis: Axis, low: float, high: float) -> None:
    """Plain numbers at the ticks of this axis, which runs in powers from low to high, both above zero."""
    ticks = _round_numbers(low, high)
    axis.set_ticks(ticks, [f"{tick:.3g}" for tick in ticks])
    axis.set_ticks([], minor=True)


def legend_below(figure: Figure, columns: int = 3) -> None:
    """A legend under the plot, where it cannot hide a curve."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=columns, handlelength=2.2, columnspacing=1.6
    )


def svg_of(figure: Figure) -> bytes:
    """The figure as SVG, the same bytes for the same numbers."""
    content = io.BytesIO()
    figure.savefig(content, format="svg", dpi=_DOTS_PER_INCH, metadata={"Date": None, "Creator": None})
    return content.getvalue()


class _Dots(io.BytesIO):
    """A file for Matplotlib's raw format, which keeps the (height, width, 4) dots that are written to it."""

    def write(self, dots: Any) -> int:
        self.kept = np.array(dots)
        return self.kept.nbytes


def png_of(figure: Figure) -> bytes:
    """The figure as PNG, the same bytes for the same numbers; its paper is opaque."""
    from PIL import Image

    drawn, content = _Dots(), io.BytesIO()
    figure.savefig(drawn, format="raw", dpi=_DOTS_PER_INCH)
    opaque = Image.fromarray(drawn.kept).convert("RGB")
    opaque.save(content, "png", compress_level=_EFFORT, dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH))
    return content.getvalue()
