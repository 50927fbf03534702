"""What a detector made of cells, to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from normocyte.api.support.checks import check_whole
from normocyte.api.support.given import Given, pixels_given
from normocyte.core.types import Image8, Maps, Pixels
from normocyte.pipeline.heat import heat_scale, views
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.evaluation import View

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Reconstructions:
    """What a detector made of cells.

    `seen` are the cells after preprocessing and `expected` what healthy ones in their place would look like,
    both (n, height, width, channels) float32; `maps` (n, height, width) float32 is how unusual each pixel is.
    A cell that cannot be assessed is NaN throughout.

    Example:
        >>> found.seen.shape == found.expected.shape
        True
    """

    images: tuple[Image8, ...]
    seen: Pixels
    expected: Pixels
    maps: Maps

    def plot(self, most: int = 8) -> Figure:
        """Draw the first cells: as they came, as the detector sees them, what it expected, and the map.

        Example:
            >>> figure = found.plot()
        """
        from normocyte.api.plots import plot_reconstructions

        check_whole(most, "most", 1)
        return plot_reconstructions(self.images, self.seen, self.expected, self.maps, most)


def reconstructed(pipeline: Pipeline, taken: Given) -> Reconstructions:
    """Each image prepared and shown; NaN where it cannot be assessed."""
    images = pixels_given(taken)
    scale = heat_scale(pipeline)
    shown: list[View | None] = []
    for image, prepared in zip(images, pipeline.prepare_views(images), strict=True):
        shown.append(
            views(pipeline, scale, [image], [prepared[0]])[0] if isinstance(prepared, tuple) else None
        )
    first = next((view for view in shown if view is not None), None)
    if first is None:
        nothing = np.full((len(images), 0, 0), np.nan, np.float32)
        return Reconstructions(images, nothing[..., np.newaxis], nothing[..., np.newaxis], nothing)

    def stacked(name: str) -> np.ndarray:
        blank = np.full_like(getattr(first, name), np.nan, dtype=np.float32)
        return np.stack([blank if view is None else getattr(view, name) for view in shown])

    return Reconstructions(images, stacked("seen"), stacked("expected"), stacked("residual"))
