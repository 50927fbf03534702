"""Plots on Matplotlib axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from normocyte.core.types import ANOMALY, HEALTHY, Image8, Maps, Pixels
from normocyte.results.evaluation import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE, _ORANGE = "#0072b2", "#d55e00"


def _axes(ax: Axes | None) -> Axes:
    return plt.subplots(layout="constrained")[1] if ax is None else ax


def plot_history(history: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The losses by epoch, with the epoch that was kept."""
    ax = _axes(ax)
    ax.plot(history.epoch, history.loss, color=_BLUE, label="training cells")
    ax.plot(history.epoch, history.held_out_loss, color=_ORANGE, label="held-out patients")
    for epoch in history.epoch[history.is_best]:
        ax.axvline(epoch, color="0.5", ls=":", label="kept")
    ax.set(xlabel="epoch", ylabel="loss")
    if len(history):
        ax.legend(frameon=False)
    return ax


def plot_scores(scores: pd.DataFrame, threshold: float, ax: Axes | None = None) -> Axes:
    """How the scores of healthy and anomalous cells fall, each as a density, with the threshold."""
    ax = _axes(ax)
    known = scores[np.isfinite(scores.score)]
    bins = np.histogram_bin_edges(known.score, bins=40).tolist()
    for label, name, colour in ((HEALTHY, "healthy", _BLUE), (ANOMALY, "anomalous", _ORANGE)):
        own = known.score[known.label == label]
        if len(own):
            ax.hist(own, bins=bins, density=True, alpha=0.6, color=colour, label=f"{name} ({len(own):,})")
    if np.isfinite(threshold):
        ax.axvline(threshold, color="0.3", ls="--", label="threshold")
    ax.set(xlabel="anomaly score", ylabel="density")
    ax.legend(frameon=False)
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
