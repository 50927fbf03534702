"""Plots on Matplotlib axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from normocyte.api.support.checks import said
from normocyte.core.errors import ConfigError
from normocyte.core.types import Image8, Maps, Pixels
from normocyte.reports.evaluation import distribution, learning
from normocyte.results.evaluation import Contents, Curve
from normocyte.results.training import TrainingCurve

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _axes(ax: Axes | None) -> Axes:
    if ax is None:
        return plt.subplots(layout="constrained")[1]
    if not isinstance(ax, Axes):
        raise ConfigError(f"ax must be Matplotlib axes, or None for new ones, not {said(ax)}.")
    return ax


def plot_history(curve: TrainingCurve, ax: Axes | None = None) -> Axes:
    """The losses by epoch as the report draws them; a sentence where there are no epochs."""
    ax = _axes(ax)
    ax.set(xlabel="epoch", ylabel="loss (lower is better)")
    if not curve.loss:
        ax.set(xticks=[], yticks=[])
        return _says(ax, learning.NO_EPOCHS)
    learning.paint(ax, curve)
    return _with_legend(ax)


def plot_scores(contents: Contents, ax: Axes | None = None) -> Axes:
    """How the scores of both classes lie around the threshold as the report draws them."""
    ax = _axes(ax)
    ax.set(xlabel=distribution.X, ylabel=f"share of {contents.unit}s of each kind")
    lacks = distribution.lacks(contents)
    if lacks:
        return _says(ax, lacks)
    distribution.paint(ax, contents)
    return _with_legend(ax)


def _says(ax: Axes, sentence: str) -> Axes:
    ax.text(0.5, 0.5, sentence, ha="center", va="center", wrap=True, transform=ax.transAxes)
    return ax


def _with_legend(ax: Axes) -> Axes:
    """A legend above the plot, where it hides nothing."""
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return ax


def plot_roc(curves: Sequence[Curve], ax: Axes | None = None) -> Axes:
    """Sensitivity against the false-positive rate, one curve a detector, with its 95 % band."""
    ax = _axes(ax)
    for curve in curves:
        (line,) = ax.plot(curve.x, curve.y, label=curve.name)
        ax.fill_between(curve.x, curve.low, curve.high, color=line.get_color(), alpha=0.15, lw=0)
    ax.plot([0, 1], [0, 1], color="0.7", lw=1, ls=":")
    ax.set(xlabel="false-positive rate", ylabel="sensitivity", xlim=(0, 1), ylim=(0, 1.01))
    ax.legend(frameon=False, loc="lower right")
    return ax


def plot_reconstructions(
    images: Sequence[Image8], seen: Pixels, expected: Pixels, maps: Maps, most: int = 8
) -> Figure:
    """One column a cell: as it came, as the detector sees it, what it expected, and the map."""
    count = min(most, len(images))
    figure, axes = plt.subplots(
        4, count, squeeze=False, figsize=(1.3 * count + 0.8, 5.4), layout="constrained"
    )
    strongest = float(np.nanmax(np.abs(maps[:count]))) if np.isfinite(maps[:count]).any() else 1.0
    names = ("cell", "seen", "expected", "map")
    for column in range(count):
        shown, wanted = _gray(seen[column]), _gray(expected[column])
        gray = {"cmap": "gray", "vmin": _least(shown), "vmax": -_least(-shown)}
        signed = {"cmap": "RdBu_r", "vmin": -strongest, "vmax": strongest}
        pictures: tuple[tuple[Any, dict[str, Any]], ...] = (
            (images[column], {}),
            (shown, gray),
            (wanted, gray),
            (maps[column], signed),
        )
        for row, (picture, scale) in enumerate(pictures):
            spot = axes[row, column]
            spot.set(xticks=[], yticks=[], ylabel=names[row] if column == 0 else "")
            if picture.size:
                spot.imshow(picture, **scale)
    return figure


def _least(pixels: Pixels) -> float:
    """The smallest value, so that what is seen and what was expected have one scale of gray; 0 for none."""
    known = pixels[np.isfinite(pixels)]
    return float(known.min()) if known.size else 0.0


def _gray(pixels: Pixels) -> Pixels:
    """One channel to look at; the mean where there are several."""
    return pixels.mean(axis=-1) if pixels.ndim == 3 else pixels  # noqa: PLR2004 - channels last
