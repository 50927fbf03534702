"""Draws parasites on healthy cells, so that a network can learn to take them off.

No real parasite is used: shapes, sizes and strengths are drawn at random. Three channels are taken for red,
green and blue, each of which gets what the stain does to it; otherwise what is drawn is reduced to what is
left of it in the contrast green - (red + blue) / 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from normocyte.core.arrays import Pixels, Plane
from normocyte.core.types import Batch
from normocyte.detectors.support.drawn_shapes import (
    SHAPES,
    SHARES,
    Canvas,
    Generator,
    Planes,
    in_colours,
    in_contrast,
    large_body,
)

DRAWN_AT = 64
"""The sizes of the shapes are in pixels of an image of this side; on others they are scaled."""
COARSE = 16
COLOURS = 3
_HOW_MANY = (0.75, 0.18, 0.07)


@dataclass(frozen=True)
class Drawing:
    """How strong and how often.

    `strengths` are the lowest and the highest darkening of green, in the units of the pixels, spread evenly
    on a logarithmic scale; negative ones where darker is lower. `share` is how many cells are drawn on, and
    `bodies` how many of these carry one large body, as faint as the lowest strength, in place of parasites.
    """

    strengths: tuple[float, float]
    share: float = 1.0
    bodies: float = 0.0


def with_parasites(cells: Batch, generator: Generator, drawing: Drawing) -> Pixels:
    """Healthy cells (n, height, width, channels) with parasites drawn on some of them.

    Pixels that do not count stay as they are. Three channels are shifted so that their medians stay, as
    behind a step that compares each cell with its own median.
    """
    drawn = cells.pixels.copy()
    is_coloured = drawn.shape[-1] == COLOURS
    for row in np.flatnonzero(generator.random(len(cells)) < drawing.share):
        places = np.argwhere(_inner(cells.masks[row]))
        if len(places):
            counted = cells.masks[row] > 0
            canvas = _canvas(counted, is_coloured)
            drawn[row] += _parasites(canvas, places, generator, drawing) * counted[..., np.newaxis]
            if is_coloured:
                drawn[row, counted] -= _medians(drawn[row, counted]) - _medians(cells.pixels[row, counted])
    return drawn


def with_coarse_noise(
    pixels: Pixels, masks: npt.NDArray[np.uint8], generator: Generator, most: float
) -> Pixels:
    """The pixels plus smooth noise, of a strength from 0 to `most` for each image."""
    count, height, width = masks.shape
    grid = generator.normal(size=(count, COARSE, COARSE)).astype(np.float32)
    grid *= generator.uniform(0, most, (count, 1, 1)).astype(np.float32)
    noise = _enlarged(_enlarged(grid, height).transpose(0, 2, 1), width).transpose(0, 2, 1)
    return pixels + (noise * (masks > 0))[..., np.newaxis]


def _enlarged(grid: Plane, size: int) -> Plane:
    """The second axis of (n, side, any) drawn out linearly to this size."""
    at = np.linspace(0, grid.shape[1] - 1, size)
    below = np.minimum(at.astype(int), grid.shape[1] - 2)
    part = (at - below).astype(np.float32)[np.newaxis, :, np.newaxis]
    return np.asarray(grid[:, below] * (1 - part) + grid[:, below + 1] * part, np.float32)


def _inner(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where a parasite may have its centre: in a named region, or anywhere in a mask without names."""
    return np.asarray(mask > 1 if mask.max() > 1 else mask > 0)


def _medians(pixels: Plane) -> Plane:
    """The median of each channel of (counted, channels)."""
    return np.asarray(np.median(pixels, axis=0), np.float32)


def _canvas(counted: npt.NDArray[np.bool_], is_coloured: bool) -> Canvas:
    """A canvas of the size of the cell, its centre in the corner."""
    down, right = (np.asarray(axis, np.float32) for axis in np.indices(counted.shape))
    ink = in_colours if is_coloured else in_contrast
    return Canvas(down, right, max(counted.shape) / DRAWN_AT, ink)


def _parasites(
    canvas: Canvas, places: npt.NDArray[np.intp], generator: Generator, drawing: Drawing
) -> Planes:
    """A large body or one to three parasites of one cell, (height, width, any), blurred."""
    if drawing.bodies and generator.random() < drawing.bodies:
        centre = places[generator.integers(len(places))]
        total = np.float32(drawing.strengths[0]) * large_body(_at(canvas, centre), generator)
    else:
        total = _small(canvas, places, generator, drawing.strengths)
    sigma = generator.uniform(0.5, 1.2) * canvas.scale
    return np.asarray(gaussian_filter(total, (sigma, sigma, 0)), np.float32)


def _small(
    canvas: Canvas, places: npt.NDArray[np.intp], generator: Generator, strengths: tuple[float, float]
) -> Planes:
    total: Planes = np.zeros((*canvas.down.shape, 1), np.float32)
    for _ in range(1 + int(generator.choice(len(_HOW_MANY), p=_HOW_MANY))):
        centre = places[generator.integers(len(places))]
        shape = SHAPES[int(generator.choice(len(SHAPES), p=SHARES))]
        total = total + _log_uniform(generator, *strengths) * shape(_at(canvas, centre), generator)
    return total


def _at(canvas: Canvas, centre: npt.NDArray[np.intp]) -> Canvas:
    return canvas.moved(float(centre[0]), float(centre[1]))


def _log_uniform(generator: Generator, low: float, high: float) -> np.float32:
    size = np.exp(generator.uniform(np.log(abs(low)), np.log(abs(high))))
    return np.float32(np.copysign(size, low))
