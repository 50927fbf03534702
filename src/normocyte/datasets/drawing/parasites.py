"""The stages of Plasmodium falciparum inside a red cell."""

import numpy as np

from normocyte.datasets.drawing.cell import Cell, Outline, wobble
from normocyte.datasets.drawing.look import Kind, PatientLook
from normocyte.datasets.drawing.scene import Field, Patch, bell, clouds, dab, happens, step


def infect(generator: np.random.Generator, cell: Cell, kind: Kind, look: PatientLook) -> None:
    """Draw the parasites of one stage into the cell, stained as those of the patient are."""
    strength = look.stain * float(np.exp(generator.normal(-0.05, 0.3)))
    if happens(generator, look.pale):
        strength *= generator.uniform(*look.paleness)
    if kind is Kind.RING:
        _rings(generator, cell, strength)
    elif kind is Kind.TROPHOZOITE:
        _trophozoite(generator, cell, strength)
    elif kind is Kind.SCHIZONT:
        _schizont(generator, cell, strength)
    else:
        _gametocyte(generator, cell, strength)


def _rings(generator: np.random.Generator, cell: Cell, strength: float) -> None:
    """One to three young rings; some lie against the edge of the cell."""
    for _ in range(generator.choice([1, 2, 3], p=[0.77, 0.18, 0.05])):
        lies_at_edge = happens(generator, 0.25)
        low, high = (0.86, 0.95) if lies_at_edge else (0.0, 0.84)
        _ring(generator, cell, cell.outline.place(generator, low, high), strength)


def _ring(generator: np.random.Generator, cell: Cell, centre: tuple[float, float], strength: float) -> None:
    """A thin loop of cytoplasm around a pale vacuole, thicker on one side, with dots of chromatin."""
    scene, uniform = cell.scene, generator.uniform
    size = cell.parasite_size
    radius, line, phase = size * uniform(5, 14), size * uniform(1.0, 2.4), uniform(0, 2 * np.pi)
    patch = scene.patch(centre, 1.3 * radius + 3 * line)
    along, across = patch.turned(phase)
    edge = Outline(np.float32(radius) * (1 + wobble(generator, 0.06)), phase)
    depth = edge.depth(along, across / np.float32(uniform(0.55, 1.0)))
    bent = 1 + np.float32(uniform(0.2, 1.0)) * along / np.float32(radius)
    loop = bell(depth, line) * np.clip(bent, 0, 2) * cell.cover[patch.area]
    scene.cytoplasm[patch.area] += np.float32(strength * uniform(0.04, 0.36)) * loop
    scene.chromatin[patch.area] += np.float32(strength * uniform(0.0, 0.2)) * loop
    scene.haemoglobin[patch.area] *= 1 - np.float32(uniform(0.0, 0.6)) * step(depth, radius)
    for _ in range(generator.choice([1, 2], p=[0.75, 0.25])):
        angle = phase + generator.normal(0, 0.6)
        spot = (centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle))
        _chromatin(generator, cell, spot, strength * uniform(0.7, 1.7))


def _chromatin(
    generator: np.random.Generator, cell: Cell, centre: tuple[float, float], amount: float
) -> None:
    """A compact, slightly oblong nucleus with a soft edge."""
    size, aspect = cell.parasite_size * generator.uniform(2.8, 6.2), generator.uniform(0.5, 1.0)
    patch = cell.scene.patch(centre, 3 * size)
    along, across = patch.turned(generator.uniform(0, np.pi))
    spot = step(size * 1.25 - np.hypot(along, across / np.float32(aspect)), size * 0.8)
    cell.scene.chromatin[patch.area] += np.float32(amount) * spot * cell.cover[patch.area]


def _trophozoite(generator: np.random.Generator, cell: Cell, strength: float) -> None:
    """An uneven body of blue cytoplasm with a nucleus, a vacuole and grains of brown pigment."""
    scene, uniform = cell.scene, generator.uniform
    radius = cell.parasite_size * uniform(9, 19)
    centre = cell.outline.place(generator, 0.0, 0.72)
    patch = scene.patch(centre, radius * 1.8)
    body = _amoeba(generator, patch, radius) * cell.cover[patch.area]
    along, across = patch.turned(uniform(0, np.pi))
    hole = bell(np.hypot(along - np.float32(0.3 * radius), across), radius * uniform(0.2, 0.35))
    body *= 1 - np.float32(uniform(0.2, 0.95)) * hole
    scene.cytoplasm[patch.area] += np.float32(strength * uniform(0.25, 0.6)) * body
    scene.chromatin[patch.area] += np.float32(strength * uniform(0.0, 0.25)) * body
    _chromatin(generator, cell, _near(generator, centre, radius * 0.5), strength * uniform(0.7, 1.5))
    _grains(generator, cell, centre, radius * 0.4, strength)


def _amoeba(generator: np.random.Generator, patch: Patch, radius: float) -> Field:
    """An uneven blob, 1 inside and 0 outside, with a mottled inside."""
    noise = clouds(generator, patch.x.shape, 5)
    along, across = patch.turned(generator.uniform(0, np.pi))
    away = np.hypot(along, across / np.float32(generator.uniform(0.55, 1.0)))
    blob = step(radius - away + np.float32(0.3 * radius) * noise, 0.45 * radius)
    return blob * (1 + np.float32(0.25) * clouds(generator, patch.x.shape, 8))


def _schizont(generator: np.random.Generator, cell: Cell, strength: float) -> None:
    """Eight to twenty merozoites around a clump of pigment."""
    scene, uniform = cell.scene, generator.uniform
    radius = uniform(18, 32)
    centre = cell.outline.place(generator, 0.0, 0.35)
    patch = scene.patch(centre, radius * 1.7)
    body = _amoeba(generator, patch, radius * 1.1) * cell.cover[patch.area]
    scene.cytoplasm[patch.area] += np.float32(strength * uniform(0.1, 0.35)) * body
    for number in range(generator.integers(8, 21)):
        angle, distance = (
            2.4 * number + generator.normal(0, 0.3),
            radius * np.sqrt((number + 1.5) / 21) * uniform(0.85, 1.15),
        )
        spot = (centre[0] + distance * np.cos(angle), centre[1] + distance * np.sin(angle))
        dab(scene, scene.chromatin, spot, uniform(2.0, 3.2), strength * uniform(0.6, 1.2))
    dab(scene, scene.pigment, _near(generator, centre, 3), uniform(3, 5), strength * uniform(0.5, 1.2))


def _gametocyte(generator: np.random.Generator, cell: Cell, strength: float) -> None:
    """A banana along the cell, bluish, with its chromatin and pigment gathered in the middle."""
    scene, outline, uniform = cell.scene, cell.outline, generator.uniform
    length = outline.reach(outline.axis) * uniform(0.78, 0.95)
    width = uniform(12, 17)
    patch = scene.patch((0, 0), length + width)
    along, across = patch.turned(outline.axis)
    bent = across + np.float32(uniform(0.08, 0.32) / length) * (along**2 - np.float32(0.3 * length**2))
    edge = 1 - np.square(along / np.float32(length)) ** 2 - (bent / np.float32(width)) ** 2
    body = step(edge, 0.35) * cell.cover[patch.area]
    body *= 1 + np.float32(0.18) * clouds(generator, body.shape, 11)
    scene.cytoplasm[patch.area] += np.float32(strength * uniform(0.28, 0.6)) * body
    nucleus = bell(along, length * uniform(0.14, 0.24)) * bell(bent, width * uniform(0.5, 0.8))
    scene.chromatin[patch.area] += np.float32(strength * uniform(0.35, 0.9)) * nucleus * body
    _grains(generator, cell, (0, 0), width * 0.45, strength)


def _grains(
    generator: np.random.Generator, cell: Cell, centre: tuple[float, float], spread: float, strength: float
) -> None:
    """Brown haemozoin in small grains."""
    for _ in range(generator.integers(3, 12)):
        amount = strength * generator.uniform(0.2, 0.7)
        spot = _near(generator, centre, spread)
        dab(cell.scene, cell.scene.pigment, spot, generator.uniform(0.8, 1.5), amount)


def _near(generator: np.random.Generator, centre: tuple[float, float], spread: float) -> tuple[float, float]:
    away = generator.normal(0, spread, 2)
    return float(centre[0] + away[0]), float(centre[1] + away[1])
