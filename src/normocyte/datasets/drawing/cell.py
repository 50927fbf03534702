"""The red cell itself: an outline that is never quite round, and a disc that is thin in the middle."""

from dataclasses import dataclass

import numpy as np

from normocyte.datasets.drawing.look import Kind, PatientLook
from normocyte.datasets.drawing.scene import Field, Scene, bell, clouds, happens, step

_ANGLES = 360
_THETA = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Outline:
    """The edge of a cell: its distance from the centre in pixels, for each degree; `axis` is the long way."""

    radii: Field
    axis: float

    def reach(self, angle: float) -> float:
        """The distance of the edge in one direction, `angle` in radians."""
        return float(self.radii[round(angle / (2 * np.pi) * _ANGLES) % _ANGLES])

    def depth(self, x: Field, y: Field) -> Field:
        """How far each point lies inside the edge along its ray, in pixels; negative outside."""
        degree = (np.arctan2(y, x) * np.float32(_ANGLES / (2 * np.pi))).astype(np.intp) % _ANGLES
        return self.radii[degree] - np.hypot(x, y)

    def place(self, generator: np.random.Generator, low: float, high: float) -> tuple[float, float]:
        """A point inside, between two fractions of the way from the centre to the edge, even by area."""
        angle = generator.uniform(0, 2 * np.pi)
        fraction = np.sqrt(generator.uniform(low**2, high**2))
        distance = fraction * self.reach(angle)
        return float(distance * np.cos(angle)), float(distance * np.sin(angle))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell on the glass; `depth` is how far inside each pixel lies, `cover` how covered it is, 0 to 1.

    `parasite_size` says how large parasites in it are, 1 for the usual size.
    """

    scene: Scene
    outline: Outline
    depth: Field
    cover: Field
    parasite_size: float = 1.0


def draw_outline(generator: np.random.Generator, look: PatientLook, kind: Kind) -> Outline:
    """An outline of one cell of the patient; a gametocyte stretches its cell."""
    radius = look.radius_px * float(np.exp(generator.normal(0, 0.06)))
    stretch = _stretch(generator, kind)
    axis = float(generator.uniform(0, np.pi))
    turned = _THETA - np.float32(axis)
    ellipse = 1 / np.sqrt((np.cos(turned) ** 2) / stretch + (np.sin(turned) ** 2) * stretch)
    bumps = wobble(generator, 0.021 * look.roughness) + _dent(generator)
    return Outline(np.float32(radius) * ellipse * (1 + bumps), axis)


def wobble(generator: np.random.Generator, size: float) -> Field:
    """A smooth closed curve around zero, one value a degree: larger waves are stronger than smaller ones."""
    waves = np.arange(2, 9, dtype=np.float32)[:, None]
    phases = generator.uniform(0, 2 * np.pi, (len(waves), 1)).astype(np.float32)
    heights = generator.normal(0, size, (len(waves), 1)).astype(np.float32) * (3 / (1 + waves))
    return np.asarray((heights * np.cos(waves * _THETA + phases)).sum(axis=0), dtype=np.float32)


def paint_cell(generator: np.random.Generator, look: PatientLook, outline: Outline, scene: Scene) -> Cell:
    """Lay the cell's haemoglobin on the glass, in place."""
    depth = outline.depth(scene.x, scene.y)
    cover = step(depth + 2, generator.uniform(4, 7))
    thickness = 1 - _pallor(generator, look, outline, scene)
    thickness *= 1 + np.float32(generator.uniform(0, 0.12)) * bell(depth - 9, 7)
    thickness *= 1 + np.float32(generator.uniform(0.005, 0.03)) * clouds(generator, depth.shape, 5)
    strength = float(np.exp(generator.normal(0, 0.10)))
    scene.haemoglobin += np.float32(strength) * cover * thickness
    edge = generator.uniform(0, 2) * look.halo
    scene.glare += np.float32(edge) * bell(depth + 2, 2.5)
    return Cell(scene, outline, depth, cover, look.parasite_size)


def _pallor(generator: np.random.Generator, look: PatientLook, outline: Outline, scene: Scene) -> Field:
    """The share of thickness missing in the middle: a soft dimple or a flat disc, a little off centre."""
    depth = float(np.clip(look.pallor * np.exp(generator.normal(-0.15, 0.5)), 0, 0.9))
    radius = float(np.median(outline.radii))
    patch = scene.patch(outline.place(generator, 0, 0.12), 3 * radius)
    along, across = patch.turned(outline.axis)
    aspect = generator.uniform(0.75, 1.0)
    width = radius * generator.uniform(0.22, 0.52)
    square = (along / np.float32(width)) ** 2 + (across / np.float32(width * aspect)) ** 2
    return np.float32(depth) * np.exp(-(square ** np.float32(generator.uniform(0.8, 2.0))))


def _stretch(generator: np.random.Generator, kind: Kind) -> float:
    if kind is Kind.GAMETOCYTE:
        return float(generator.uniform(1.25, 1.6))
    is_ovalocyte = happens(generator, 0.08)
    return float(generator.uniform(1.25, 1.6) if is_ovalocyte else 1 + abs(generator.normal(0, 0.08)))


def _dent(generator: np.random.Generator) -> Field:
    """Now and then a cell is pressed in by a neighbour, or pulled out into a corner."""
    if not happens(generator, 0.35):
        return np.zeros_like(_THETA)
    height = generator.choice([generator.uniform(-0.28, -0.06), generator.uniform(0.05, 0.16)])
    away = (_THETA - generator.uniform(0, 2 * np.pi) + np.pi) % (2 * np.pi) - np.pi
    away = away.astype(np.float32)
    return np.float32(height) * bell(away, generator.uniform(0.18, 0.45))
