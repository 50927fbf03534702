"""White cells: larger than red ones, with a dark nucleus of one piece or of several lobes."""

from __future__ import annotations

import numpy as np

from normocyte.datasets._drawing.cell import Outline, wobble
from normocyte.datasets._drawing.chance import clouds, happens
from normocyte.datasets._drawing.scene import Field, Scene, step

_NEUTROPHIL_SHARE = 0.65


def paint_leucocyte(generator: np.random.Generator, scene: Scene, red_radius: float) -> Outline:
    """Lay a neutrophil or a lymphocyte on the middle of the glass, in place, and give its outline."""
    is_neutrophil = happens(generator, _NEUTROPHIL_SHARE)
    radius = red_radius * generator.uniform(*((1.5, 1.8) if is_neutrophil else (1.05, 1.35)))
    outline = Outline(np.float32(radius) * (1 + wobble(generator, 0.02)), 0.0)
    depth = outline.depth(scene.x, scene.y)
    body = step(depth, 0.12 * radius) * (1 + np.float32(0.15) * clouds(generator, depth.shape, 14))
    nucleus = _lobes(generator, scene, radius) if is_neutrophil else _round(generator, scene, radius)
    nucleus *= step(depth, 0.1 * radius) * (1 + np.float32(0.14) * clouds(generator, depth.shape, 18))
    scene.cytoplasm += np.float32(generator.uniform(0.12, 0.3)) * body
    scene.chromatin += np.float32(generator.uniform(0.04, 0.1)) * body
    scene.chromatin += np.float32(generator.uniform(0.8, 1.2)) * nucleus
    scene.cytoplasm += np.float32(generator.uniform(0.3, 0.6)) * nucleus
    return outline


def _lobes(generator: np.random.Generator, scene: Scene, radius: float) -> Field:
    """Two to five lobes along a bent thread, 1 inside and 0 outside."""
    count = int(generator.integers(2, 6))
    start, turn = generator.uniform(0, 2 * np.pi), generator.uniform(0.9, 1.3)
    nucleus = np.zeros_like(scene.x)
    for number in range(count):
        angle = start + turn * (number - count / 2)
        distance = radius * generator.uniform(0.3, 0.5)
        lobe = radius * generator.uniform(0.26, 0.36)
        x, y = np.float32(distance * np.cos(angle)), np.float32(distance * np.sin(angle))
        away = np.hypot(scene.x - x, scene.y - y)
        np.maximum(nucleus, step(np.float32(lobe) - away, 0.3 * lobe), out=nucleus)
    return nucleus


def _round(generator: np.random.Generator, scene: Scene, radius: float) -> Field:
    """One nucleus that fills most of the cell."""
    outline = Outline(np.float32(radius * generator.uniform(0.74, 0.86)) * (1 + wobble(generator, 0.04)), 0.0)
    shift = np.float32(0.08 * radius)
    return step(outline.depth(scene.x - shift, scene.y), 0.12 * radius)
