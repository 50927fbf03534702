"""Photos stitched together from many fields: they are measured in parts of about one field each."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from normocyte.core.types import CellKind
from normocyte.photo_checks.contract import Measure, Photo
from normocyte.photo_checks.support.foreground import cells_in

MOST = 400
"""With more things a photo is measured in parts: a third more than 99 % of the learnt fields show at most."""
_A_PART = 150
_LEAST_PX = 24
"""Narrower cells have too little detail to be judged; many of them are a matter of the magnification."""
_FEWEST = 8
_FEW_PX = 64
_GOOD, _USABLE = 1.25, 1.7


def parts_of(photo: Photo) -> list[Photo]:
    """The photo itself, or equal parts of about 150 things where it shows more than 400 at least 24 px wide.

    A part of which less than half is lit is left out.
    """
    if photo.pieces is None or photo.count <= MOST or not photo.diameter_px >= _LEAST_PX:
        return [photo]
    height, width = photo.pixels.shape[:2]
    side = np.sqrt(height * width * _A_PART / photo.count)
    rows, columns = (
        np.linspace(0, whole, max(1, round(whole / max(side, _FEW_PX))) + 1).astype(int)
        for whole in (height, width)
    )
    boxes = [
        (slice(top, bottom), slice(left, right))
        for top, bottom in pairwise(rows)
        for left, right in pairwise(columns)
    ]
    parts = [photo.part(box) for box in boxes]
    return [part for part in parts if part.lit is None or part.lit.mean() > 1 / 2]


def together(measures: Sequence[Sequence[Measure]]) -> list[Measure]:
    """The measures of all parts as one: the median of each."""
    return [_median(same) for same in zip(*measures, strict=True)]


def magnification(parts: Sequence[Photo]) -> Measure:
    """The diameter of cells in the part with the largest over that with the smallest, 1 and above.

    It is that of the rough look, on whose circles the rims of a part agree best: a segmenter looks for cells
    of one size in all of a photo. A part with fewer than eight whole red cells has no say.
    """
    diameters = [own for part in parts if (own := _diameter(part)) > 0]
    ratio = max(diameters) / min(diameters) if diameters else 1.0
    return Measure(
        "magnification",
        ratio,
        (1.0, _GOOD),
        (1.0, _USABLE),
        too_high="its parts show cells of different sizes; give photos of one magnification, one by one",
    )


def _median(same: Sequence[Measure]) -> Measure:
    first = same[0]
    value = float(np.median([measure.value for measure in same]))
    return Measure(first.name, value, first.good, first.usable, first.too_low, first.too_high)


def _diameter(part: Photo) -> float:
    whole = sum(piece.kind is CellKind.RED_CELL for piece in part.pieces or ())
    return cells_in(part.pixels)[1] if whole >= _FEWEST else 0.0
