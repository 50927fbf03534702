"""The figure of a stream: the evidence by patient, and the patients beside the calibration patients."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from normocyte.core.types import Floats
from normocyte.reports.drawing import formatting, theme
from normocyte.results.monitoring import Column, Monitored

_COLOURS = (theme.HEALTHY, theme.ACCENT, theme.GREEN, theme.MUTED)
_DASHES = ("-", (0, (4, 1.5)), (0, (1.2, 1.2)), "-.")
_LOWEST = 0.01
_HIGHEST = 45.0
_BAND = (0.05, 0.95)
_MANY = 60


def draw(contents: Monitored) -> Figure:
    """Evidence above, in powers, with the two bars; below, one row of dots a column."""
    panels = 1 + len(contents.columns)
    figure = theme.new_figure(width=8.2, height=2.9 + 2.0 * len(contents.columns))
    ratios = [1.3, *[1.0] * len(contents.columns)]
    axes = figure.subplots(panels, 1, sharex=True, height_ratios=ratios)
    places = np.arange(1.0, len(contents.patients) + 1)
    _draw_wealth(axes[0], contents, places)
    for own, column in zip(axes[1:], contents.columns, strict=True):
        _draw_column(own, column, places)
    axes[-1].set_xlabel("patients in the order of arrival")
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[-1].set_xlim(0, len(places) + 0.7)
    return figure


def _draw_wealth(axes: Axes, contents: Monitored, places: Floats) -> None:
    """Each account from its starting capital on, and the bars with their rates."""
    low, high = _limits(contents)
    start = 1 / len(contents.accounts)
    for number, account in enumerate(contents.accounts):
        axes.plot(
            np.append(0.0, places),
            np.clip(np.append(start, account.wealth), low, high),
            color=_COLOURS[number % len(_COLOURS)],
            ls=_DASHES[number % len(_DASHES)],
            label=account.name,
        )
    names = ("watch", "recalibrate")
    for rate, name, colour in zip(contents.rates, names, (theme.MUTED, theme.ANOMALOUS), strict=True):
        axes.axhline(1 / rate, color=colour, ls="--", lw=1.3)
        _label(axes, f"{name}: at most {formatting.rate(rate)} false", 1 / rate, colour)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    theme.label_powers(axes.yaxis, low, high)
    axes.set_ylabel("evidence of drift")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)


def _label(axes: Axes, text: str, height: float, colour: str) -> None:
    """Words beside a bar, outside of the plot, where no curve can run through them."""
    axes.annotate(
        text,
        (1, height),
        (5, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        color=colour,
        fontsize=9.5,
        annotation_clip=False,
    )


def _limits(contents: Monitored) -> tuple[float, float]:
    """From the lowest evidence to the highest, both bars in sight; what is far above both leaves the plot."""
    lowest = min(float(account.wealth.min()) for account in contents.accounts)
    bar = 1 / contents.rates[1]
    return min(0.2, max(lowest, _LOWEST)) / 1.2, min(max(4 * bar, 1.5 * contents.most), _HIGHEST * bar)


def _draw_column(axes: Axes, column: Column, places: Floats) -> None:
    """The median of each patient, and where nine of ten calibration patients lie."""
    low, middle, high = np.quantile(column.reference, [_BAND[0], 0.5, _BAND[1]])
    axes.axhspan(low, high, color=theme.GREEN, alpha=0.13, lw=0, label="nine of ten\ncalibration patients")
    axes.axhline(middle, color=theme.GREEN, lw=1.3, label="their median")
    size = 4.5 if len(places) <= _MANY else 2.5
    axes.plot(places, column.stream, "o", color=theme.INK, ms=size, label="a patient of\nthe stream")
    axes.set_ylabel(f"median {column.name}")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), borderaxespad=0.2)
