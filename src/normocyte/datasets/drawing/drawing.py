"""One crop of a thin smear, from an empty glass to the cut-out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from normocyte.datasets.drawing.camera import photograph
from normocyte.datasets.drawing.cell import draw_outline, paint_cell
from normocyte.datasets.drawing.cutout import draw_cutout
from normocyte.datasets.drawing.distractors import add_neighbour, distract
from normocyte.datasets.drawing.kinds import Kind
from normocyte.datasets.drawing.look import PatientLook
from normocyte.datasets.drawing.parasites import infect
from normocyte.datasets.drawing.scene import Area, blank_scene

_MARGIN_PX = 18


def draw_cell(generator: np.random.Generator, look: PatientLook, kind: Kind) -> npt.NDArray[np.uint8]:
    """One cell of a patient as (height, width, 3) RGB, black outside the cut-out, as the NIH crops are.

    The picture depends only on the generator's state, the look and the kind.
    """
    outline = draw_outline(generator, look, kind)
    scene = blank_scene(int(outline.radii.max()) + _MARGIN_PX)
    cell = paint_cell(generator, look, outline, scene)
    neighbour = add_neighbour(generator, cell)
    if kind is not Kind.HEALTHY:
        infect(generator, cell, kind, look.stain)
    distract(generator, look, cell)
    flags = draw_cutout(generator, look, cell, neighbour)
    area = _box(flags)
    return photograph(generator, look, scene.window(area)) * flags[area][..., None]


def _box(flags: npt.NDArray[np.uint8]) -> Area:
    """The box around what was cut out, with a black line on every side where the scene goes on."""
    rows, columns = np.flatnonzero(flags.any(axis=1)), np.flatnonzero(flags.any(axis=0))
    return slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2)
