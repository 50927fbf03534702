"""The figure of a comparison: what each configuration reaches, over what it costs to score a cell."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from normocyte.core.types import Estimate, Floats
from normocyte.reports.drawing import theme
from normocyte.results.comparison import Comparison, Row
from normocyte.wording.articles import a

_TICKS = (0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1)
_STRETCH = 5e-3
_TICK_ROOM = 0.07
_MOST_NAMES = 24
_FEW_POWERS = 5

_WORDS = (
    "Each number is a configuration, numbered as in the tables; further up is better, further left is "
    "faster. On the purple line nothing faster is better. Thin lines are 95 % intervals over {who}; the "
    "upright axis is stretched towards 1. Time is that of the table above."
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What has a place in the figure; `quality` is what the vertical axis shows, higher being better."""

    ms_per_cell: float
    quality: float


One = TypeVar("One", bound=Candidate)


def pareto_front(candidates: Sequence[One]) -> list[One]:
    """Those candidates that no other one beats in time without being worse, from the fastest to the best."""
    front: list[One] = []
    for candidate in sorted(candidates, key=lambda one: (one.ms_per_cell, -one.quality)):
        if not front or candidate.quality > front[-1].quality:
            front.append(candidate)
    return front


def scale_times(axes: Axes, candidates: Sequence[Candidate]) -> None:
    """Powers across, with room for the marks at the borders."""
    times = [one.ms_per_cell for one in candidates]
    room = max(1.15, (max(times) / min(times)) ** 0.06)
    axes.set_xscale("log")
    axes.set_xlim(min(times) / room, max(times) * room)
    theme.label_powers(axes.xaxis, *axes.get_xlim())
    axes.margins(y=0.12)


def words(contents: Comparison) -> str:
    """What to see in the figure."""
    return _WORDS.format(who=contents.who)


def lacks(contents: Comparison) -> str:
    """Why the figure cannot be drawn, or nothing."""
    return "" if _drawable(contents) else "No configuration has both a figure and a time to plot."


def draw(contents: Comparison, has_names: bool) -> Figure:
    """Time across in powers, the main metric upwards; with names beside it the figure stands alone."""
    figure = theme.new_figure(width=9.0 if has_names else 5.2, height=4.4)
    name = contents.metrics[contents.place].name
    axes = figure.add_subplot(xlabel=f"milliseconds {a(contents.unit)} {contents.unit}", ylabel=name)
    rows = _drawable(contents)
    candidates = [_candidate(row, contents.place) for row in rows.values()]
    front = pareto_front(candidates)
    axes.set_yscale("function", functions=(_stretched, _shrunk))
    axes.step(
        [one.ms_per_cell for one in front],
        [one.quality for one in front],
        where="post",
        color=theme.ACCENT,
        lw=1.4,
    )
    for (number, row), candidate in zip(rows.items(), candidates, strict=True):
        estimate = row.all_labels[contents.place].estimate
        _mark(axes, str(number), candidate, estimate, is_best=candidate in front)
    _scale_times(axes, candidates)
    _scale_quality(axes.yaxis, [row.all_labels[contents.place].estimate for row in rows.values()])
    if has_names:
        _name(axes, rows)
    return figure


def _drawable(contents: Comparison) -> dict[int, Row]:
    """The configurations that have a place in the figure, by their number in the tables."""
    return {
        number: row
        for number, row in enumerate(contents.rows, start=1)
        if not row.failure
        and math.isfinite(row.all_labels[contents.place].estimate.value)
        and math.isfinite(row.costs.ms_per_cell)
        and row.costs.ms_per_cell > 0
    }


def _candidate(row: Row, place: int) -> Candidate:
    return Candidate(row.costs.ms_per_cell, row.all_labels[place].estimate.value)


def _stretched(quality: Floats) -> Floats:
    return np.asarray(-np.log10(np.maximum(1 + _STRETCH - np.asarray(quality), _STRETCH / 10)))


def _shrunk(height: Floats) -> Floats:
    return np.asarray(1 + _STRETCH - 10.0 ** -np.asarray(height))


def _mark(axes: Axes, number: str, candidate: Candidate, estimate: Estimate, is_best: bool) -> None:
    """A dot with its interval and its number."""
    place = (candidate.ms_per_cell, candidate.quality)
    if math.isfinite(estimate.low):
        ends = [estimate.low, estimate.high]
        axes.plot([place[0]] * 2, ends, color=theme.MUTED, lw=0.8, alpha=0.7, zorder=1)
    axes.plot(*place, "o", ms=6, mec=theme.PAPER, mew=0.8, color=theme.ACCENT if is_best else theme.MUTED)
    axes.annotate(
        number,
        place,
        (7, 4),
        textcoords="offset points",
        fontsize=9.5,
        fontweight="bold" if is_best else "normal",
    )


def _scale_times(axes: Axes, candidates: Sequence[Candidate]) -> None:
    """Powers across; where the times are close, more ticks than the powers give."""
    scale_times(axes, candidates)
    low, high = axes.get_xlim()
    if high / low < _FEW_POWERS:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda time, _: f"{time:.3g}"))


def _scale_quality(axis: Axis, estimates: Sequence[Estimate]) -> None:
    """Limits with some room, and ticks that do not touch each other."""
    ends = [end for one in estimates for end in (one.value, one.low, one.high) if math.isfinite(end)]
    low, high = _stretched(np.array([max(0.0, min(ends)), max(ends)]))
    room = max(0.06 * (high - low), 0.02)
    bottom, top = low - room, high + room
    axis.axes.set_ylim(*_shrunk(np.array([bottom, top])))
    ticks: list[float] = []
    for tick in sorted(_TICKS, reverse=True):
        height = float(_stretched(np.array(tick)))
        above = float(_stretched(np.array(ticks[-1]))) if ticks else math.inf
        if bottom <= height <= top and above - height >= _TICK_ROOM * (top - bottom):
            ticks.append(tick)
    axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)


def _name(axes: Axes, rows: dict[int, Row]) -> None:
    """The names beside the plot, as many as there is room for."""
    lines = [f"{number}  {row.name}" for number, row in rows.items()]
    if len(lines) > _MOST_NAMES:
        lines = [*lines[:_MOST_NAMES], f"and {len(lines) - _MOST_NAMES} more"]
    size = 9.5 if len(lines) <= _MOST_NAMES // 2 else 7.5
    axes.text(1.03, 1.0, "\n".join(lines), transform=axes.transAxes, va="top", fontsize=size, linespacing=1.6)
