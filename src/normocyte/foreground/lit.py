"""The lit disc of a photo that a phone took through an eyepiece; all around it is black or dark gray."""

import contextlib
import math
from collections.abc import Iterator
from contextvars import ContextVar

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Image8

Points = npt.NDArray[np.float64]

_SIDE = 320
_DARK, _ABOVE_BORDER, _GLASS = 0.45, 0.3, 90
_LEAST_OUTSIDE = 0.01
_BRUSH = np.ones((5, 5), np.uint8)
_MOSTLY_LIT, _MOSTLY_DARK = 0.9, 0.9
_NARROWEST, _WIDEST = 0.15, 1.5
_ROUND, _ROUND_SHARE = 0.04, 0.95
_LEAST_ARC = 0.1
_MARGIN, _MARGIN_SHARE = 1.5, 0.01
_MOST_KEPT = 8
_DEEPER, _BRIGHTEST = 4, 255

_kept: ContextVar[dict[int, tuple[Image8, Flags | None]] | None] = ContextVar("_kept", default=None)


def lit_disc(pixels: Image8) -> Flags | None:
    """True on the lit disc of a photo, (height, width, 3) uint8 RGB; None where the photo has no dark border.

    A border is what is dark and connected with the edges of the photo, 1 % of it at least. Dark is less than
    0.45 of the light on empty glass in the brightest channel, and less than 0.3 of the way from the border's
    own level to that light. What is left must be one convex piece with a round outline, which the edges of
    the photo may cut; its rim, 1 % of the radius, is left out.
    """
    kept = _kept.get()
    if kept is None:
        return _found(pixels)
    if id(pixels) not in kept:
        while len(kept) >= _MOST_KEPT:
            kept.pop(next(iter(kept)))
        kept[id(pixels)] = pixels, _found(pixels)  # as long as an array is held, its id is its own
    return kept[id(pixels)][1]


@contextlib.contextmanager
def discs_kept() -> Iterator[None]:
    """A block in which no pixels change: the disc of an array that is asked for again is known."""
    before = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(before)


def has_bright_edges(pixels: Image8) -> bool:
    """True where a channel is bright all along the edges: then neither the photo nor a small copy has a disc.

    What `_found` looks at along the edges of its copy, or of the copy of a copy, are means of pixels from
    this frame, and no mean is below all of them.
    """
    deep = 2 * math.ceil(max(pixels.shape[:2]) / _SIDE) + _DEEPER
    sides = pixels[:deep], pixels[-deep:], pixels[:, :deep], pixels[:, -deep:]
    lowest = np.min([np.minimum.reduce(side).min(axis=0) for side in sides], axis=0)
    return bool(lowest.max() >= _DARK * _BRIGHTEST)


def _found(pixels: Image8) -> Flags | None:
    """The disc of a photo."""
    if has_bright_edges(pixels):
        return None
    height, width = pixels.shape[:2]
    shrink = min(1.0, _SIDE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    red, green, blue = cv2.split(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    outline = _outline(np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8))
    if outline is None:
        return None
    disc = np.zeros((height, width), np.uint8)
    scale = width / size[0], height / size[1]
    cv2.fillConvexPoly(disc, np.round((outline + 0.5) * scale - 0.5).astype(np.int32), 1)
    return disc > 0


def box_of(disc: Flags) -> tuple[slice, slice]:
    """The rows and the columns that a disc takes."""
    left, top, width, height = cv2.boundingRect(disc.astype(np.uint8))
    return slice(top, top + height), slice(left, left + width)


def _outline(bright: Image8) -> Points | None:
    """The corners of the lit disc, (n, 2) columns and rows, without its rim."""
    dark = _border(bright)
    if dark is None:
        return None
    lit = cv2.morphologyEx((~dark).astype(np.uint8), cv2.MORPH_OPEN, _BRUSH)
    _, pieces, facts, _ = cv2.connectedComponentsWithStats(lit, connectivity=4)
    if len(facts) == 1:
        return None
    largest = (pieces == 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    contours, _ = cv2.findContours(largest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(np.concatenate(contours))
    whole = np.zeros(bright.shape, np.uint8)
    cv2.fillConvexPoly(whole, hull, 1)
    if whole.all():
        return None
    is_apart = dark[whole == 0].mean() >= _MOSTLY_DARK and (~dark[whole > 0]).mean() >= _MOSTLY_LIT
    radius = _radius(whole)
    if not is_apart or not np.isfinite(radius):
        return None
    return _without_rim(whole, max(_MARGIN, _MARGIN_SHARE * radius))


def _border(bright: Image8) -> Flags | None:
    """What is dark and connected with the edges of the photo; None where that is little."""
    edge = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    if edge.min() >= _DARK * bright.max():
        return None
    glass = float(np.percentile(bright, _GLASS))
    below = _DARK * glass
    if not (edge < below).any():
        return None
    level = float(np.median(edge[edge < below]))
    dark = bright < min(below, level + _ABOVE_BORDER * (glass - level))
    _, pieces = cv2.connectedComponents(dark.astype(np.uint8), connectivity=4)
    outer = np.unique(np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]]))
    border = np.isin(pieces, outer[outer > 0])
    return border if border.mean() >= _LEAST_OUTSIDE else None


def _radius(whole: Image8) -> float:
    """The radius of a piece whose outline lies on one circle but for the edges of the photo; NaN for others.

    The circle is fitted by least squares (Kasa, IEEE Trans. Instrum. Meas. 25 (1976) 8).
    """
    height, width = whole.shape
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = np.concatenate(contours)[:, 0].astype(np.float64)
    is_free = ((points > 1) & (points < (width - 2, height - 2))).all(axis=1)
    free = points[is_free]
    if len(free) < _LEAST_ARC * min(height, width):
        return float("nan")
    terms = np.column_stack([2 * free, np.ones(len(free))])
    solved = np.linalg.lstsq(terms, np.square(free).sum(axis=1), rcond=None)[0]
    radius = float(np.sqrt(max(solved[2] + np.square(solved[:2]).sum(), 0.0)))
    apart = np.abs(np.linalg.norm(free - solved[:2], axis=1) - radius)
    is_round = (apart <= _ROUND * radius).mean() >= _ROUND_SHARE
    is_sized = _NARROWEST * min(height, width) <= radius <= _WIDEST * max(height, width)
    return radius if is_round and is_sized else float("nan")


def _without_rim(whole: Image8, margin: float) -> Points | None:
    """The corners of what lies so far inside of the outline; the edges of the photo are no outline."""
    framed = cv2.copyMakeBorder(whole, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    inner = (cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1] > margin).astype(np.uint8)
    contours, _ = cv2.findContours(inner, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    return np.asarray(cv2.convexHull(np.concatenate(contours))[:, 0], np.float64)
