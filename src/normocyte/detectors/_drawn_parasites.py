"""Draws parasites on the chromatin contrast of healthy cells, so that a network can learn to take them off.

No real parasite is used: shapes, sizes and strengths are drawn at random, and what a stain does to each
colour is reduced to what is left of it in the contrast -(red + blue) / 2 + green.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from normocyte.core.types import Batch, Pixels

Plane = npt.NDArray[np.float32]
Generator = np.random.Generator

DRAWN_AT = 64
"""The sizes below are in pixels of an image of this side; on others they are scaled."""
COARSE = 16
_HOW_MANY = (0.75, 0.18, 0.07)
_TURN = 2 * np.pi


@dataclass(frozen=True)
class Canvas:
    """Where one parasite is drawn: the distances of every pixel from its centre, and the size of a pixel."""

    down: Plane
    right: Plane
    scale: float

    def moved(self, down: float, right: float) -> Canvas:
        """The same canvas with its centre elsewhere."""
        return Canvas(self.down - np.float32(down), self.right - np.float32(right), self.scale)

    def turned(self, angle: float, aspect: float) -> tuple[Plane, Plane]:
        """Coordinates along and across an axis at this angle, the second stretched by 1 / aspect."""
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        along = cosine * self.right + sine * self.down
        across = (cosine * self.down - sine * self.right) / np.float32(aspect)
        return np.asarray(along, np.float32), np.asarray(across, np.float32)


def with_parasites(
    cells: Batch, generator: Generator, strengths: tuple[float, float], share: float
) -> Pixels:
    """Healthy cells (n, height, width, channels) with parasites drawn on a `share` of them.

    All channels get the same. `strengths` are the lowest and the highest darkening of green, in the units of
    the pixels, spread evenly on a logarithmic scale; negative ones where darker is lower. Pixels that do not
    count stay as they are.
    """
    drawn = cells.pixels.copy()
    for row in np.flatnonzero(generator.random(len(cells)) < share):
        places = np.argwhere(_inner(cells.masks[row]))
        if len(places):
            shape = _parasites(places, cells.masks[row] > 0, generator, strengths)
            drawn[row] += shape[..., np.newaxis]
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


def _parasites(
    places: npt.NDArray[np.intp],
    counted: npt.NDArray[np.bool_],
    generator: Generator,
    strengths: tuple[float, float],
) -> Plane:
    """One to three parasites of one cell, (height, width)."""
    scale = max(counted.shape) / DRAWN_AT
    down, right = (np.asarray(axis, np.float32) for axis in np.indices(counted.shape))
    total = np.zeros(counted.shape, np.float32)
    for _ in range(1 + int(generator.choice(len(_HOW_MANY), p=_HOW_MANY))):
        centre = places[generator.integers(len(places))]
        shape = _SHAPES[int(generator.choice(len(_SHAPES), p=_SHARES))]
        canvas = Canvas(down, right, scale).moved(float(centre[0]), float(centre[1]))
        total += _log_uniform(generator, *strengths) * shape(canvas, generator)
    return np.asarray(gaussian_filter(total, generator.uniform(0.5, 1.2) * scale) * counted, np.float32)


def _log_uniform(generator: Generator, low: float, high: float) -> np.float32:
    size = np.exp(generator.uniform(np.log(abs(low)), np.log(abs(high))))
    return np.float32(np.copysign(size, low))


def _chromatin(generator: Generator) -> np.float32:
    """What is left of green's darkening by chromatin once half of red's and blue's are taken off."""
    return np.float32(1 - (generator.uniform(0.05, 0.45) + generator.uniform(0, 0.4)) / 2)


def _cytoplasm(generator: Generator) -> np.float32:
    """The same for the parasite's cytoplasm, which is bluer."""
    return np.float32(1 - (generator.uniform(0.3, 1) + generator.uniform(0, 0.5)) / 2)


def _spot(canvas: Canvas, generator: Generator, sigma: tuple[float, float], least_aspect: float) -> Plane:
    """A spot of chromatin."""
    size = np.float32(generator.uniform(*sigma) * canvas.scale)
    along, across = canvas.turned(generator.uniform(0, _TURN), generator.uniform(least_aspect, 1))
    return np.asarray(_chromatin(generator) * np.exp(-(along**2 + across**2) / (2 * size**2)), np.float32)


def _ring(canvas: Canvas, generator: Generator) -> Plane:
    """A thin ring of uneven strength, slightly pale inside, with up to two spots of chromatin on it."""
    radius, line = generator.uniform(2, 5.5) * canvas.scale, generator.uniform(0.6, 1.3) * canvas.scale
    along, across = canvas.turned(generator.uniform(0, _TURN), generator.uniform(0.65, 1))
    distance = np.hypot(along, across)
    uneven = 1 + generator.uniform(0, 0.8) * np.cos(np.arctan2(across, along) - generator.uniform(0, _TURN))
    ring = generator.uniform(0.2, 0.8) * np.exp(-(((distance - radius) / line) ** 2) / 2) * uneven
    drawn = _cytoplasm(generator) * (ring - generator.uniform(0, 0.1) * (distance < radius - line))
    for angle in generator.uniform(0, _TURN, generator.integers(3)):
        on_ring = canvas.moved(radius * np.sin(angle), radius * np.cos(angle))
        drawn += _spot(on_ring, generator, (0.8, 1.7), 0.6)
    return np.asarray(drawn, np.float32)


def _dot(canvas: Canvas, generator: Generator) -> Plane:
    """A single spot."""
    return _spot(canvas, generator, (0.8, 2.2), 0.5)


def _blob(canvas: Canvas, generator: Generator) -> Plane:
    """A mottled body with a spot in it."""
    radius = generator.uniform(2, 5.5) * canvas.scale
    mottled = gaussian_filter(generator.normal(size=canvas.down.shape).astype(np.float32), 1.2 * canvas.scale)
    mottled /= np.float32(mottled.std() + 1e-6)
    body = np.clip(1.5 - np.hypot(canvas.down, canvas.right) / radius, 0, 1)
    drawn = _cytoplasm(generator) * body * np.clip(0.7 + 0.35 * mottled, 0, 1.5)
    inside = canvas.moved(*(generator.uniform(-0.6, 0.6, 2) * radius))
    return np.asarray(drawn + _spot(inside, generator, (0.8, 1.7), 0.6), np.float32)


def _cluster(canvas: Canvas, generator: Generator) -> Plane:
    """Three to eleven spots close together."""
    spread = generator.uniform(1.5, 5) * canvas.scale
    centres = generator.normal(scale=spread, size=(generator.integers(3, 12), 2))
    spots = [_spot(canvas.moved(*centre), generator, (0.7, 1.3), 0.6) for centre in centres.tolist()]
    return np.asarray(np.sum(np.stack(spots), axis=0), np.float32)


_SHAPES: tuple[Callable[[Canvas, Generator], Plane], ...] = (_ring, _dot, _blob, _cluster)
_SHARES = (0.45, 0.20, 0.25, 0.10)
