"""Photos through an eyepiece: cells are sought in the lit disc, and what its rim cuts is border."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from normocyte.core.types import CellKind, Flags, Image8, SegmentedCell
from normocyte.foreground.lit import box_of, lit_disc
from normocyte.segmentation.support.light import evened
from normocyte.segmentation.support.regions import tight

_NEAR = 0.08
_KEPT = frozenset({CellKind.LEUCOCYTE, CellKind.ANNOTATION})

Found = tuple[list[SegmentedCell], float, float]
"""The cells of a picture, the rough diameter of red ones and the length of its scale bar, both in pixels."""


def evenly_lit(pixels: Image8) -> Image8:
    """The picture as its cells are to be judged, (height, width, 3) uint8 RGB: evened at the eyepiece's rim.

    The same array where it has no dark border, or where the rim is as bright as the middle.
    """
    lit = lit_disc(pixels)
    return pixels if lit is None else evened(pixels, lit)


def within_light(pixels: Image8, find: Callable[[Image8], Found]) -> Found:
    """What `find` says of the lit disc of a picture, at places of the picture; of all of it without a disc.

    `find` sees the box of the disc, evenly lit, and beyond its rim what lies within, mirrored: cells that the
    rim cuts have no edge there, as at the edges of a photo. What comes nearer to the rim than 8 % of a
    diameter is border, but for white cells and what is burnt in; what lies beyond is left out.
    """
    lit = lit_disc(pixels)
    if lit is None:
        return find(pixels)
    rows, columns = box = box_of(lit)
    inside = np.ascontiguousarray(lit[box])
    cells, diameter, bar = find(mirrored(evened(np.ascontiguousarray(pixels[box]), inside), inside))
    near = _NEAR * (0.0 if math.isnan(diameter) else diameter)
    own = [
        replace(cell, x=cell.x + columns.start, y=cell.y + rows.start)
        for cell in _with_border(cells, inside, near)
    ]
    return own, diameter, bar


def mirrored(pixels: Image8, lit: Flags) -> Image8:
    """The picture, where beyond the rim of what is lit stands the mirror image of what lies within."""
    height, width = lit.shape
    _, nearest = cv2.distanceTransformWithLabels(
        (~lit).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    down, right = np.nonzero(lit)
    places = np.zeros((int(nearest.max()) + 1, 2), np.int32)
    places[nearest[down, right]] = np.column_stack([down, right])
    beyond = np.nonzero(~lit)
    rim = places[nearest[beyond]]
    rows, columns = (2 * rim - np.column_stack(beyond)).T.clip(0, [[height - 1], [width - 1]])
    is_lit = lit[rows, columns]
    found = pixels.copy()
    found[beyond] = pixels[np.where(is_lit, rows, rim[:, 0]), np.where(is_lit, columns, rim[:, 1])]
    return found


def _with_border(cells: Sequence[SegmentedCell], lit: Flags, near: float) -> Iterator[SegmentedCell]:
    """The lit parts of cells, where what lies so near to the rim of the disc is border."""
    height, width = lit.shape
    framed = cv2.copyMakeBorder(lit.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1 : height + 1, 1 : width + 1]
    for cell in cells:
        window = slice(cell.y, cell.y + cell.height), slice(cell.x, cell.x + cell.width)
        own = cell.mask & lit[window]
        if not own.any():
            continue
        is_cut = float(depth[window][cell.mask].min()) <= near and cell.kind not in _KEPT
        kind, certainty = (CellKind.BORDER, math.nan) if is_cut else (cell.kind, cell.certainty)
        x, y, mask = tight(own, cell.x, cell.y)
        yield replace(cell, x=x, y=y, mask=mask, kind=kind, certainty=certainty)
