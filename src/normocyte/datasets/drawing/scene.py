"""What lies on the glass: layers that absorb light, the shapes they are made of, and chance."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Area = tuple[slice, slice]


@dataclass(slots=True)
class Scene:
    """Square fields of one size with the cell's centre in the middle.

    `x` and `y` are pixels from the centre; the other fields say how much of a substance lies at each pixel,
    in units of the usual optical density of that substance. `glare` is light that is added instead of taken.
    """

    x: Field
    y: Field
    haemoglobin: Field
    chromatin: Field
    cytoplasm: Field
    pigment: Field
    glare: Field

    def window(self, area: Area) -> Scene:
        """The scene cut to an area; coordinates still count from the cell's centre."""
        layers = (self.haemoglobin, self.chromatin, self.cytoplasm, self.pigment, self.glare)
        return Scene(self.x[area], self.y[area], *(layer[area] for layer in layers))

    def patch(self, centre: tuple[float, float], reach: float) -> Patch:
        """The part of an uncut scene within `reach` pixels of a place, clipped at the edges of the scene."""
        half = self.x.shape[0] // 2
        rows = _span(centre[1], reach, half)
        columns = _span(centre[0], reach, half)
        area = (rows, columns)
        return Patch(area, self.x[area] - np.float32(centre[0]), self.y[area] - np.float32(centre[1]))


@dataclass(frozen=True, slots=True)
class Patch:
    """A window on a scene: its place in the fields, and coordinates from its own centre."""

    area: Area
    x: Field
    y: Field

    def turned(self, angle: float) -> tuple[Field, Field]:
        """Coordinates along and across a direction, `angle` in radians."""
        cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        return self.x * cos + self.y * sin, self.y * cos - self.x * sin


def blank_scene(half: int) -> Scene:
    """Empty glass of (2 half + 1) pixels a side."""
    axis = np.arange(-half, half + 1, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    return Scene(x, y, *(np.zeros_like(x) for _ in range(5)))


def step(distance: Field, width: float) -> Field:
    """0 below zero, 1 above `width`, smooth between."""
    t: Field = np.clip(distance / np.float32(width), 0, 1)
    return t * t * (3 - 2 * t)


def bell(distance: Field, sigma: float) -> Field:
    """1 at distance zero, falling off on both sides like a normal density."""
    exponent: Field = np.float32(-0.5) * np.square(distance / np.float32(sigma))
    return np.exp(exponent)


def dab(scene: Scene, layer: Field, centre: tuple[float, float], sigma: float, amount: float) -> None:
    """Add a small round spot to a layer, in place."""
    patch = scene.patch(centre, 4 * sigma + 1)
    layer[patch.area] += np.float32(amount) * bell(np.hypot(patch.x, patch.y), sigma)


def _span(middle: float, reach: float, half: int) -> slice:
    low = int(np.floor(middle - reach)) + half
    high = int(np.ceil(middle + reach)) + half + 1
    return slice(max(low, 0), max(high, 0))


def happens(generator: np.random.Generator, share: float) -> bool:
    """True in this share of all calls."""
    return bool(generator.uniform() < share)


def clouds(generator: np.random.Generator, shape: tuple[int, ...], knots: int) -> Field:
    """Smooth noise around zero with about `knots` waves a side and a standard deviation below 1."""
    grid = generator.standard_normal((knots, knots), dtype=np.float32)
    return np.asarray(cv2.resize(grid, shape[::-1], interpolation=cv2.INTER_CUBIC), dtype=np.float32)
