"""A whole field of a thin smear: each body is drawn by itself, made smaller and laid on one glass."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.datasets.drawing.camera import photograph
from normocyte.datasets.drawing.cell import draw_outline, paint_cell
from normocyte.datasets.drawing.distractors import distract, paint_leucocyte, paint_platelet
from normocyte.datasets.drawing.field_plan import LEUCOCYTE, PLATELET, Body, WantedFields
from normocyte.datasets.drawing.look import Kind, PatientLook
from normocyte.datasets.drawing.parasites import infect
from normocyte.datasets.drawing.scene import Scene, blank_scene, clouds

RED_CELL = "red blood cell"

_MARGIN_PX = 18
_SPECKS = 6
_DIMMED = (0.05, 0.3)
_LEAST_BOX_PX = 4
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Box:
    """What a box holds, its left and upper edge, and its size, in pixels of the field."""

    kind: str
    x: int
    y: int
    width: int
    height: int


def draw_field(
    rng: np.random.Generator, look: PatientLook, wanted: WantedFields, bodies: list[Body]
) -> tuple[Picture, list[Box]]:
    """The picture (height, width, 3) RGB of a field, and the box of every body that shows in it."""
    glass, scale = _glass(wanted), wanted.radius_px / look.radius_px
    glass.cytoplasm += np.float32(0.012) * clouds(rng, glass.x.shape, 6)
    boxes = []
    for body in bodies:
        small, reach = _drawn(rng, look, body)
        _lay(glass, small, (body.x, body.y), scale)
        boxes.append(_box(body, reach, scale, wanted))
    for _ in range(rng.poisson(_SPECKS)):
        place = (rng.uniform(0, wanted.width), rng.uniform(0, wanted.height))
        _lay(glass, _speck(rng), place, scale)
    near = replace(look, defocus_px=look.defocus_px * (0.35 + 0.65 * scale))
    picture = photograph(rng, near, glass, dimmed=rng.uniform(*_DIMMED))
    return picture, [box for box in boxes if min(box.width, box.height) >= _LEAST_BOX_PX]


def _glass(wanted: WantedFields) -> Scene:
    """Empty glass of the size of a field."""
    columns = np.arange(wanted.width, dtype=np.float32) - np.float32(wanted.width / 2)
    rows = np.arange(wanted.height, dtype=np.float32) - np.float32(wanted.height / 2)
    x, y = np.meshgrid(columns, rows)
    return Scene(x, y, *(np.zeros_like(x) for _ in range(5)))


Reach = tuple[float, float, float, float]
"""How far a body reaches to the left, up, to the right and down of its centre, in its own pixels."""


def _drawn(rng: np.random.Generator, look: PatientLook, body: Body) -> tuple[Scene, Reach]:
    """A body on a glass of its own, and how far it reaches."""
    if body.kind == PLATELET:
        radius = rng.uniform(9, 19)
        scene = blank_scene(round(2.6 * radius))
        paint_platelet(rng, scene, (0.0, 0.0), radius)
        return scene, (-radius, -radius, radius, radius)
    if body.kind == LEUCOCYTE:
        scene = blank_scene(round(2 * look.radius_px))
        return scene, _reach(paint_leucocyte(rng, scene, look.radius_px).radii)
    kind = Kind(body.kind)
    outline = draw_outline(rng, look, kind)
    scene = blank_scene(int(outline.radii.max()) + _MARGIN_PX)
    cell = paint_cell(rng, look, outline, scene)
    if kind is not Kind.HEALTHY:
        infect(rng, cell, kind, look)
    distract(rng, look, cell)
    return scene, _reach(outline.radii)


def _reach(radii: npt.NDArray[np.float32]) -> Reach:
    """The reach of an outline given as a distance for each of so many directions."""
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    x, y = radii * np.cos(angles), radii * np.sin(angles)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _speck(rng: np.random.Generator) -> Scene:
    """A grain of precipitated stain."""
    scene, size = blank_scene(16), rng.uniform(1.5, 4)
    spot = np.exp(-(scene.x**2 + scene.y**2) / np.float32(2 * size**2))
    scene.chromatin += np.float32(rng.uniform(0.2, 0.9)) * spot
    return scene


def _lay(glass: Scene, small: Scene, centre: tuple[float, float], scale: float) -> None:
    """Add a small scene to the glass, in place: where two lie on each other, both absorb."""
    side = max(3, round(small.x.shape[0] * scale))
    left, top = round(centre[0] - side / 2), round(centre[1] - side / 2)
    height, width = glass.x.shape
    rows, columns = slice(max(top, 0), min(top + side, height)), slice(max(left, 0), min(left + side, width))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    own = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    for name in ("haemoglobin", "chromatin", "cytoplasm", "pigment", "glare"):
        layer = cv2.resize(getattr(small, name), (side, side), interpolation=cv2.INTER_AREA)
        getattr(glass, name)[rows, columns] += layer[own]


def _box(body: Body, reach: Reach, scale: float, wanted: WantedFields) -> Box:
    """The box of a body, cut at the edges of the field."""
    left, right = np.clip([body.x + scale * reach[0], body.x + scale * reach[2]], 0, wanted.width)
    top, bottom = np.clip([body.y + scale * reach[1], body.y + scale * reach[3]], 0, wanted.height)
    kind = RED_CELL if body.kind == Kind.HEALTHY else body.kind
    x, y = int(left), int(top)
    return Box(kind, x, y, int(np.ceil(right)) - x, int(np.ceil(bottom)) - y)
