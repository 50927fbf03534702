"""What is stained, and what is glass."""

import cv2
import numpy as np

from normocyte.core.types import Flags, Plane

_ROUNDS = 3
_BINS = 255
_HIGHEST = 99
_CELLS_OVER_MEDIAN = 1.6
_FEW, _CLEAR = 0.12, 6.0
_LARGEST_HOLE = 0.4
_SMALLEST_HOLE = 0.004


def contrast_of(missing: Plane) -> float:
    """How much light the usual red cell takes away: the median beyond Otsu's threshold, 0 for none.

    Otsu, IEEE Trans. Syst. Man Cybern. 9 (1979) 62. What is much darker than the cells, such as nuclei, is
    cut off in three rounds, so that it does not move the threshold; and where it alone lies beyond the
    threshold, the brighter side is cut again.
    """
    thinned = np.ascontiguousarray(missing[::2, ::2])
    middle, cut, share = _beyond(thinned)
    if 0 < share < _FEW:
        lower, lower_cut, _ = _beyond(thinned[thinned <= cut].reshape(1, -1))
        glass = thinned[thinned <= lower_cut]
        noise = float(np.median(np.abs(glass - np.median(glass)))) if glass.size else np.inf
        is_clear = lower - float(np.median(glass)) > _CLEAR * 1.4826 * noise if glass.size else False
        middle = lower if is_clear else middle
    return middle


def _beyond(missing: Plane) -> tuple[float, float, float]:
    """The median beyond Otsu's threshold, the threshold itself, and the share of the pixels beyond it."""
    highest = float(np.percentile(missing, _HIGHEST)) if missing.size else 0.0
    middle = cut = share = 0.0
    for _ in range(_ROUNDS):
        if highest <= 0:
            return 0.0, 0.0, 0.0
        scaled = np.clip(missing * (_BINS / highest), 0, _BINS).astype(np.uint8)
        cut = cv2.threshold(scaled, 0, _BINS, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0] * highest / _BINS
        is_beyond = missing > cut
        share = float(np.mean(is_beyond))
        middle = float(np.median(missing[is_beyond])) if share else 0.0
        highest = min(highest, _CELLS_OVER_MEDIAN * middle)
    return middle, cut, share


def filled(stained: Flags, centres: Plane, diameter: float, agreement: float) -> Flags:
    """The stained pixels with the pale middles of cells, and without the gaps between cells.

    A hole is filled when it is tiny, or smaller than a cell with a place in it on whose being a centre the
    rims agree by `agreement` at least.
    """
    _, pieces, facts, _ = cv2.connectedComponentsWithStats((~stained).astype(np.uint8), connectivity=4)
    labels = np.asarray(pieces, dtype=np.int32)
    areas = facts[:, cv2.CC_STAT_AREA]
    agreed = np.bincount(labels[~stained & (centres >= agreement)], minlength=len(areas)) > 0
    is_small = (areas <= _LARGEST_HOLE * diameter**2) & ~_at_edge(facts, stained.shape)
    is_filled = is_small & ((areas < _SMALLEST_HOLE * diameter**2) | agreed)
    is_filled[0] = True
    return np.asarray(is_filled[labels])


def _at_edge(facts: np.ndarray, shape: tuple[int, ...]) -> Flags:
    left, top, width, height = facts[:, :4].T
    return np.asarray((left == 0) | (top == 0) | (left + width == shape[1]) | (top + height == shape[0]))
