"""One crop of a thin smear, cut out by what a coarse automatic segmentation took for the cell."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.datasets.drawing.camera import photograph
from normocyte.datasets.drawing.cell import Cell, Outline, draw_outline, paint_cell
from normocyte.datasets.drawing.difficulty import crumple, stain_unevenly
from normocyte.datasets.drawing.distractors import add_neighbour, distract
from normocyte.datasets.drawing.look import Kind, PatientLook
from normocyte.datasets.drawing.parasites import infect
from normocyte.datasets.drawing.scene import Area, Field, blank_scene, clouds, happens

Flags = npt.NDArray[np.uint8]

BLOCK = 4  # The segmentation worked on a picture this many times smaller, hence the steps in every edge.
_MARGIN_PX = 18


def draw_cutout(generator: np.random.Generator, look: PatientLook, cell: Cell, neighbour: Field) -> Flags:
    """(height, width) 1 where the segmentation saw the cell, 0 elsewhere, in one piece.

    May lay haemoglobin under spurs, for what a segmentation clings to is mostly torn from other cells.
    """
    small = _coarse(cell.depth) + np.float32(generator.uniform(-3, 2.5))
    small += np.float32(1.2 * look.roughness) * clouds(generator, small.shape, 8)
    small += generator.normal(0, 0.5, small.shape).astype(np.float32)
    flags = (small > 0).astype(np.uint8)
    flags |= _piece_of_neighbour(generator, cell, neighbour)
    if happens(generator, look.raggedness):
        _spurs(generator, cell, flags)
    if happens(generator, look.raggedness):
        _bites(generator, cell.outline, flags)
    return _enlarged(_one_piece(flags), cell.scene.x.shape)


def _coarse(field: Field) -> Field:
    size = field.shape[0] // BLOCK
    return np.asarray(cv2.resize(field, (size, size), interpolation=cv2.INTER_AREA), dtype=np.float32)


def _enlarged(flags: Flags, shape: tuple[int, ...]) -> Flags:
    return np.asarray(cv2.resize(flags, shape[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _piece_of_neighbour(generator: np.random.Generator, cell: Cell, neighbour: Field) -> Flags:
    """The part of a touching cell that was cut out together with this one; the crop cuts the rest away."""
    reach = float(np.median(cell.outline.radii)) + generator.uniform(4, 17)
    is_near = np.hypot(cell.scene.x, cell.scene.y) < reach
    return np.asarray(np.rint(_coarse(neighbour * is_near)), dtype=np.uint8)


def _spurs(generator: np.random.Generator, cell: Cell, flags: Flags) -> None:
    """Crooked threads that lead outwards."""
    threads = np.zeros_like(flags)
    for _ in range(generator.integers(1, 4)):
        angle = generator.uniform(0, 2 * np.pi)
        start = _pixel(cell.outline, angle, 0.9, flags)
        middle = _pixel(cell.outline, angle + generator.normal(0, 0.12), generator.uniform(1.02, 1.15), flags)
        end = _pixel(cell.outline, angle + generator.normal(0, 0.22), generator.uniform(1.08, 1.3), flags)
        thick = int(generator.integers(1, 5))
        cv2.line(threads, start, middle, (1,), thick)
        cv2.line(threads, middle, end, (1,), max(1, thick - 1))
    flags |= threads
    lying = cv2.resize(threads.astype(np.float32), cell.scene.x.shape[::-1], interpolation=cv2.INTER_LINEAR)
    lying = np.float32(generator.uniform(0.3, 0.9)) * cv2.GaussianBlur(lying, (0, 0), 2)
    cell.scene.haemoglobin[cell.depth < 0] += lying[cell.depth < 0]


def _bites(generator: np.random.Generator, outline: Outline, flags: Flags) -> None:
    """Angular pieces that are missing at the edge."""
    for _ in range(generator.integers(1, 3)):
        angle = generator.uniform(0, 2 * np.pi)
        inner = generator.uniform(0.6, 0.92)
        half = generator.uniform(0.08, 0.3)
        waist = generator.normal(0, 0.1)
        turns = ((-half, 1.3), (-half, inner + 0.05), (waist, inner), (half, inner + 0.05), (half, 1.3))
        corners = [_pixel(outline, angle + turn, fraction, flags) for turn, fraction in turns]
        cv2.fillPoly(flags, [np.array(corners, dtype=np.int32)], (0,))


def _pixel(outline: Outline, angle: float, fraction: float, flags: Flags) -> tuple[int, int]:
    """The coarse pixel at a fraction of the way from the centre to the edge, and beyond it."""
    distance = fraction * outline.reach(angle) / BLOCK
    half = flags.shape[0] / 2
    return int(half + distance * np.cos(angle)), int(half + distance * np.sin(angle))


def _one_piece(flags: Flags) -> Flags:
    """The largest connected part."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(flags, connectivity=4)
    largest = 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest, dtype=np.uint8)


def draw_cell(generator: np.random.Generator, look: PatientLook, kind: Kind) -> npt.NDArray[np.uint8]:
    """One cell of a patient as (height, width, 3) RGB, black outside the cut-out, as the NIH crops are.

    The picture depends only on the generator's state, the look and the kind.
    """
    outline = crumple(generator, look, draw_outline(generator, look, kind))
    scene = blank_scene(int(outline.radii.max()) + _MARGIN_PX)
    cell = paint_cell(generator, look, outline, scene)
    stain_unevenly(generator, look, cell)
    neighbour = add_neighbour(generator, cell)
    if kind is not Kind.HEALTHY:
        infect(generator, cell, kind, look)
    distract(generator, look, cell)
    flags = draw_cutout(generator, look, cell, neighbour)
    area = _box(flags)
    return photograph(generator, look, scene.window(area)) * flags[area][..., None]


def _box(flags: npt.NDArray[np.uint8]) -> Area:
    """The box around what was cut out, with a black line on every side where the scene goes on."""
    rows, columns = np.flatnonzero(flags.any(axis=1)), np.flatnonzero(flags.any(axis=0))
    return slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2)
