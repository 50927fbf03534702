"""Draws parasites on healthy cells, so that a network can learn to take them off.

No real parasite is used: shapes, sizes and strengths are drawn at random. Three channels are taken for red,
green and blue, each of which gets what the stain does to it; otherwise what is drawn is reduced to what is
left of it in the contrast green - (red + blue) / 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from normocyte.core.types import Batch, Pixels, Plane

DRAWN_AT = 64
"""The sizes of the shapes are in pixels of an image of this side; on others they are scaled."""
COARSE = 16
COLOURS = 3
_HOW_MANY = (0.75, 0.18, 0.07)
Planes = npt.NDArray[np.float32]
Colour = npt.NDArray[np.float32]
Generator = np.random.Generator

_TURN = 2 * np.pi


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


def in_contrast(red: float, blue: float) -> Colour:
    """What a darkening of green by 1 leaves in the contrast green - (red + blue) / 2, (1,)."""
    return np.array([1 - (red + blue) / 2], np.float32)


def in_colours(red: float, blue: float) -> Colour:
    """A darkening of green by 1 beside its shares in red and blue, (3,)."""
    return np.array([red, 1, blue], np.float32)


@dataclass(frozen=True)
class Canvas:
    """Where one parasite is drawn: the distances of every pixel from its centre, and the size of a pixel.

    `ink` turns the shares that red and blue have in a darkening of green into the channels to be drawn.
    """

    down: Plane
    right: Plane
    scale: float
    ink: Callable[[float, float], Colour] = in_contrast

    def moved(self, down: float, right: float) -> Canvas:
        """The same canvas with its centre elsewhere."""
        return replace(self, down=self.down - np.float32(down), right=self.right - np.float32(right))

    def turned(self, angle: float, aspect: float) -> tuple[Plane, Plane]:
        """Coordinates along and across an axis at this angle, the second stretched by 1 / aspect."""
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        along = cosine * self.right + sine * self.down
        across = (cosine * self.down - sine * self.right) / np.float32(aspect)
        return np.asarray(along, np.float32), np.asarray(across, np.float32)

    def chromatin(self, generator: Generator) -> Colour:
        """The colour of chromatin, (channels,)."""
        return self.ink(generator.uniform(0.05, 0.45), generator.uniform(0, 0.4))

    def cytoplasm(self, generator: Generator) -> Colour:
        """The colour of the parasite's cytoplasm, which is bluer, (channels,)."""
        return self.ink(generator.uniform(0.3, 1), generator.uniform(0, 0.5))


def spot(canvas: Canvas, generator: Generator, sigma: tuple[float, float], least_aspect: float) -> Planes:
    """A spot of chromatin."""
    size = np.float32(generator.uniform(*sigma) * canvas.scale)
    along, across = canvas.turned(generator.uniform(0, _TURN), generator.uniform(least_aspect, 1))
    colour = canvas.chromatin(generator)
    return np.asarray(_coloured(np.exp(-(along**2 + across**2) / (2 * size**2)), colour), np.float32)


def ring(canvas: Canvas, generator: Generator) -> Planes:
    """A thin ring of uneven strength, slightly pale inside, with up to two spots of chromatin on it."""
    radius, line = generator.uniform(2, 5.5) * canvas.scale, generator.uniform(0.6, 1.3) * canvas.scale
    along, across = canvas.turned(generator.uniform(0, _TURN), generator.uniform(0.65, 1))
    distance = np.hypot(along, across)
    uneven = 1 + generator.uniform(0, 0.8) * np.cos(np.arctan2(across, along) - generator.uniform(0, _TURN))
    line_drawn = generator.uniform(0.2, 0.8) * np.exp(-(((distance - radius) / line) ** 2) / 2) * uneven
    colour = canvas.cytoplasm(generator)
    drawn = _coloured(line_drawn - generator.uniform(0, 0.1) * (distance < radius - line), colour)
    for angle in generator.uniform(0, _TURN, generator.integers(3)):
        on_ring = canvas.moved(radius * np.sin(angle), radius * np.cos(angle))
        drawn += spot(on_ring, generator, (0.8, 1.7), 0.6)
    return np.asarray(drawn, np.float32)


def dot(canvas: Canvas, generator: Generator) -> Planes:
    """A single spot."""
    return spot(canvas, generator, (0.8, 2.2), 0.5)


def blob(canvas: Canvas, generator: Generator) -> Planes:
    """A mottled body with a spot in it."""
    radius = generator.uniform(2, 5.5) * canvas.scale
    mottled = _mottled(canvas, generator, 1.2)
    body = np.clip(1.5 - np.hypot(canvas.down, canvas.right) / radius, 0, 1)
    uneven = np.clip(0.7 + 0.35 * mottled, 0, 1.5)
    drawn = _coloured(body, canvas.cytoplasm(generator)) * uneven[..., np.newaxis]
    inside = canvas.moved(*(generator.uniform(-0.6, 0.6, 2) * radius))
    return np.asarray(drawn + spot(inside, generator, (0.8, 1.7), 0.6), np.float32)


def cluster(canvas: Canvas, generator: Generator) -> Planes:
    """Three to eleven spots close together."""
    spread = generator.uniform(1.5, 5) * canvas.scale
    centres = generator.normal(scale=spread, size=(generator.integers(3, 12), 2))
    spots = [spot(canvas.moved(*centre), generator, (0.7, 1.3), 0.6) for centre in centres.tolist()]
    return np.asarray(np.sum(np.stack(spots), axis=0), np.float32)


def large_body(canvas: Canvas, generator: Generator) -> Planes:
    """A faint mottled body that may fill most of the cell, with up to seven spots in it."""
    radius = generator.uniform(7, 20) * canvas.scale
    along, across = canvas.turned(generator.uniform(0, _TURN), generator.uniform(0.5, 1))
    shape = np.clip(1.5 - np.hypot(along, across) / radius, 0, 1)
    mottled = np.clip(0.8 + 0.4 * _mottled(canvas, generator, generator.uniform(0.8, 2.2)), 0, 2)
    colour = canvas.ink(generator.uniform(0.4, 1), generator.uniform(0.2, 0.8))
    drawn = _coloured(generator.uniform(0.4, 1.7) * shape * mottled, colour)
    for _ in range(generator.integers(8)):
        inside = canvas.moved(*(generator.uniform(-0.6, 0.6, 2) * radius))
        drawn += np.float32(generator.uniform(0.3, 2)) * spot(inside, generator, (0.7, 1.7), 0.6)
    return np.asarray(drawn, np.float32)


def _mottled(canvas: Canvas, generator: Generator, sigma: float) -> Plane:
    """Smooth noise of mean 0 and standard deviation 1."""
    noise = generator.normal(size=canvas.down.shape).astype(np.float32)
    smooth = gaussian_filter(noise, sigma * canvas.scale)
    return np.asarray(smooth / np.float32(smooth.std() + 1e-6), np.float32)


def _coloured(plane: npt.NDArray[np.floating[Any]], colour: Colour) -> npt.NDArray[np.floating[Any]]:
    """A plane (height, width) in a colour (channels,)."""
    return colour * plane[..., np.newaxis]


SHAPES: tuple[Callable[[Canvas, Generator], Planes], ...] = (ring, dot, blob, cluster)
SHARES = (0.45, 0.20, 0.25, 0.10)
