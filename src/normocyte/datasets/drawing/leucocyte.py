"""White cells: larger than red ones, with a dark nucleus of one piece or of several lobes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from normocyte.datasets.drawing.cell import Outline, wobble
from normocyte.datasets.drawing.noise import clouds, happens
from normocyte.datasets.drawing.scene import Field, Scene, step

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
    """Two to five lobes along a bent thread that joins them, 1 inside and 0 outside."""
    count = int(generator.integers(2, 6))
    start, turn = generator.uniform(0, 2 * np.pi), generator.uniform(0.8, 1.15)
    nucleus, places = np.zeros_like(scene.x), list[npt.NDArray[np.float64]]()
    for number in range(count):
        angle = start + turn * (number - count / 2)
        distance = radius * generator.uniform(0.3, 0.52)
        place = distance * np.array([np.cos(angle), np.sin(angle)])
        edge = Outline(
            np.float32(radius * generator.uniform(0.26, 0.36)) * (1 + wobble(generator, 0.09)), 0.0
        )
        stretch = np.float32(generator.uniform(0.75, 1.2))
        _join(nucleus, scene, edge, place, stretch)
        thread = Outline(np.full_like(edge.radii, 0.14 * radius), 0.0)
        for share in (0.35, 0.5, 0.65) if places else ():
            _join(nucleus, scene, thread, share * places[-1] + (1 - share) * place, np.float32(1))
        places.append(place)
    return nucleus


def _join(
    nucleus: Field, scene: Scene, edge: Outline, place: npt.NDArray[np.float64], stretch: np.float32
) -> None:
    """Join what lies inside an edge around a place to the nucleus, in place."""
    x, y = scene.x - np.float32(place[0]), scene.y - np.float32(place[1])
    np.maximum(
        nucleus, step(edge.depth(x * stretch, y / stretch), 0.3 * float(edge.radii.mean())), out=nucleus
    )


def _round(generator: np.random.Generator, scene: Scene, radius: float) -> Field:
    """One nucleus that fills most of the cell."""
    outline = Outline(np.float32(radius * generator.uniform(0.74, 0.86)) * (1 + wobble(generator, 0.04)), 0.0)
    shift = np.float32(0.08 * radius)
    return step(outline.depth(scene.x - shift, scene.y), 0.12 * radius)
