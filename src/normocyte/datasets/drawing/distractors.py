"""What fools a naive score and is no parasite: platelets, leucocytes, specks, folds, bubbles and more."""

import numpy as np
import numpy.typing as npt

from normocyte.datasets.drawing.cell import Cell, Outline, wobble
from normocyte.datasets.drawing.look import PatientLook
from normocyte.datasets.drawing.scene import Field, Scene, bell, clouds, dab, happens, step

_SMUDGE, _FOLD, _DARK_RIM, _BUBBLES, _NEIGHBOUR = 0.10, 0.015, 0.08, 0.02, 0.14
_NEUTROPHIL_SHARE = 0.65


def distract(generator: np.random.Generator, look: PatientLook, cell: Cell) -> None:
    """Draw whatever chance puts on or beside the cell, healthy or not, in place."""
    drawn = generator.uniform(size=6) < (look.platelets, look.debris, _SMUDGE, _FOLD, _DARK_RIM, _BUBBLES)
    for is_drawn, draw in zip(drawn, (_platelet, _specks, _smudge, _fold, _dark_rim, _bubbles), strict=True):
        if is_drawn:
            draw(generator, cell)


def add_neighbour(generator: np.random.Generator, cell: Cell) -> Field:
    """Perhaps a second cell that touches this one; gives its cover, 0 to 1, all zero when there is none."""
    if not happens(generator, _NEIGHBOUR):
        return np.zeros_like(cell.scene.x)
    angle = generator.uniform(0, 2 * np.pi)
    radius = generator.uniform(0.85, 1.15) * float(np.median(cell.outline.radii))
    distance = cell.outline.reach(angle) + radius - generator.uniform(-3, 6)
    x, y = distance * np.cos(angle), distance * np.sin(angle)
    depth = np.float32(radius) - np.hypot(cell.scene.x - np.float32(x), cell.scene.y - np.float32(y))
    cover = step(depth + 2, 5)
    np.maximum(
        cell.scene.haemoglobin, np.float32(generator.uniform(0.8, 1.1)) * cover, out=cell.scene.haemoglobin
    )
    return cover


def _platelet(generator: np.random.Generator, cell: Cell) -> None:
    """A granular violet body with a pale halo, lying on the cell or attached to its edge."""
    is_attached = happens(generator, 0.6)
    low, high = (0.9, 1.0) if is_attached else (0.0, 0.8)
    radius = generator.uniform(7, 15)
    paint_platelet(generator, cell.scene, cell.outline.place(generator, low, high), radius)


def paint_platelet(
    generator: np.random.Generator, scene: Scene, centre: tuple[float, float], radius: float
) -> None:
    """Lay a platelet on the glass, in place."""
    patch = scene.patch(centre, 2.2 * radius)
    along, across = patch.turned(generator.uniform(0, np.pi))
    away = np.hypot(along, across / np.float32(generator.uniform(0.6, 1.0)))
    body = step(radius - away + np.float32(2.5) * clouds(generator, away.shape, 6), 0.7 * radius)
    granules = np.clip(0.55 + 0.5 * clouds(generator, away.shape, max(5, round(radius))), 0, 1.6)
    amount = generator.uniform(0.3, 1.1)
    scene.chromatin[patch.area] += np.float32(0.75 * amount) * body * granules.astype(np.float32)
    scene.cytoplasm[patch.area] += np.float32(0.35 * amount) * body
    halo = bell(away - np.float32(1.25 * radius), 2.0)
    scene.glare[patch.area] += np.float32(generator.uniform(0, 0.1)) * halo


def _specks(generator: np.random.Generator, cell: Cell) -> None:
    """A few grains of precipitated stain."""
    for _ in range(1 + generator.poisson(1.2)):
        amount = float(np.exp(generator.normal(-1.75, 0.65)))
        place = cell.outline.place(generator, 0, 0.97)
        layer = cell.scene.pigment if happens(generator, 0.25) else cell.scene.chromatin
        dab(cell.scene, layer, place, generator.uniform(0.8, 2.0), amount)


def _smudge(generator: np.random.Generator, cell: Cell) -> None:
    """A faint, blurred cloud of stain."""
    layer = cell.scene.chromatin if happens(generator, 0.5) else cell.scene.cytoplasm
    dab(
        cell.scene,
        layer,
        cell.outline.place(generator, 0, 0.9),
        generator.uniform(3, 9),
        generator.uniform(0.03, 0.14),
    )


def _fold(generator: np.random.Generator, cell: Cell) -> None:
    """A crease: the cell lies double along a slightly curved line."""
    radius = float(np.median(cell.outline.radii))
    patch = cell.scene.patch(cell.outline.place(generator, 0, 0.5), 3 * radius)
    along, across = patch.turned(generator.uniform(0, np.pi))
    bent = across + np.float32(generator.uniform(-0.006, 0.006)) * along**2
    crease = bell(bent, generator.uniform(2, 6))
    crease *= bell(along, radius * generator.uniform(0.2, 0.45))
    cell.scene.haemoglobin[patch.area] *= 1 + np.float32(generator.uniform(0.15, 0.6)) * crease


def _dark_rim(generator: np.random.Generator, cell: Cell) -> None:
    """The edge is rolled up on one side."""
    depth = cell.depth
    angle = generator.uniform(0, 2 * np.pi)
    side = cell.scene.x * np.float32(np.cos(angle)) + cell.scene.y * np.float32(np.sin(angle))
    side = np.clip(side / np.float32(cell.outline.reach(angle)), 0, 1)
    rim = bell(depth - np.float32(generator.uniform(3, 7)), generator.uniform(1.5, 3.5))
    cell.scene.haemoglobin *= 1 + np.float32(generator.uniform(0.15, 0.6)) * rim * side


def _bubbles(generator: np.random.Generator, cell: Cell) -> None:
    """Refractile drops of water caught in drying: bright, with a thin dark edge."""
    for _ in range(generator.integers(1, 5)):
        radius = generator.uniform(2.5, 6)
        patch = cell.scene.patch(cell.outline.place(generator, 0, 0.85), radius + 6)
        away = np.hypot(patch.x, patch.y) - np.float32(radius)
        cell.scene.haemoglobin[patch.area] *= 1 - np.float32(0.7) * step(-away, 0.8 * radius)
        cell.scene.haemoglobin[patch.area] *= 1 + np.float32(0.3) * bell(away, 1.2)


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
