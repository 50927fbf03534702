"""The shapes of drawn parasites: rings, spots, mottled blobs, clusters, and bodies that fill half a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from normocyte.core.arrays import Plane

Planes = npt.NDArray[np.float32]
Colour = npt.NDArray[np.float32]
Generator = np.random.Generator

_TURN = 2 * np.pi


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
