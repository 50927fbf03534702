"""The outlines of what a segmenter has found, as arcs: which of them bound round things, and of what size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.photo_checks.support.view import DIAMETER, View

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.int32]

_COUNTED = frozenset({CellKind.RED_CELL, CellKind.OVERLAPPING, CellKind.DEBRIS})
_SMOOTH = 1.5
_ON_CIRCLE = 0.2
_TOWARDS_CENTRE, _TOWARDS_ARC = 0.85, 0.8
_STEEP = 0.5
_GAP = 5
_LEAST_ARC, _SURE_ARC = 8, 12
_TYPICAL = 0.5
_FURTHEST = 1.0
_RIDGE = 1e-6
_TINY = 1e-9


@dataclass(frozen=True)
class Arcs:
    """What may be a red cell, one value a piece, (n,); lengths are in diameters of a cell.

    `area` is in pixels of the view. `on_circle` is the share of its outline that shows an edge where a circle
    of the same area about its centre would; `length` is the number of pixels of its outline that border on
    ground, `with_edge` the share of these that show an edge towards the middle of their arc, and `radius`
    that of the arc, by least squares (Kasa, IEEE Trans. Instrum. Meas. 25 (1976) 8).
    """

    area: Values
    on_circle: Values
    length: Values
    with_edge: Values
    radius: Values

    @classmethod
    def of(cls, view: View, pieces: Sequence[SegmentedCell], shape: tuple[int, int]) -> Arcs:
        """The outlines of pieces of a photo of this shape, at the size of the view."""
        labels = _labels(pieces, shape, view.green.shape)
        count = len(pieces) + 1
        edges = _Edges.of(view)
        rim, outer = _rims(labels)
        area, down, right = _middles(labels, count)
        whole = _Outline.of(labels, rim, down, right, count)
        on_circle = whole.near_circle(np.sqrt(area / np.pi)) & edges.points_at(
            rim, whole.inwards(np.zeros((count, 2))), _TOWARDS_CENTRE, _STEEP
        )
        free = _Outline.of(labels, outer, down, right, count)
        centre, radius = free.circles()
        with_edge = edges.points_at(outer, free.inwards(centre), _TOWARDS_ARC, 0.8 * _STEEP)
        kept = np.array([False, *(piece.kind in _COUNTED for piece in pieces)]) & (area > 0)
        columns = (area, whole.share(on_circle), free.length, free.share(with_edge), radius / DIAMETER)
        return cls(*(column[kept] for column in columns))

    @property
    def independent(self) -> float:
        """How many pieces of one size would say as much, at least 1: 1 over the sum of squared shares."""
        total = float(np.square(self.area).sum())
        return max(float(self.area.sum()) ** 2 / total, 1.0) if total else 1.0

    @property
    def roundness(self) -> float:
        """The share of outlines on circles over that of outlines with an edge, by area; 0 without edges."""
        has_arc = self.length >= _LEAST_ARC
        length = float(self.length[has_arc].sum())
        edge = float(self.length[has_arc] @ self.with_edge[has_arc]) / length if length else 0.0
        share = float(self.area @ self.on_circle) / max(float(self.area.sum()), 1.0)
        return share / edge if edge else 0.0

    @property
    def spread(self) -> float:
        """The root mean square of the logarithms of radii over their median, each at most 1, by length."""
        has_arc = self.length >= _LEAST_ARC
        sure = self.radius[self.length >= _SURE_ARC]
        typical = float(np.median(sure)) if sure.size else _TYPICAL
        apart = np.minimum(np.abs(np.log(self.radius[has_arc] / typical)), _FURTHEST)
        weight = self.length[has_arc]
        return float(np.sqrt(weight @ np.square(apart) / weight.sum())) if has_arc.any() else 0.0


@dataclass(frozen=True)
class _Edges:
    """The slope of the green light towards the dark, (height, width) each, and what a usual one is."""

    down: npt.NDArray[np.float32]
    right: npt.NDArray[np.float32]
    usual: float

    @classmethod
    def of(cls, view: View) -> _Edges:
        smooth = cv2.GaussianBlur(view.green, (0, 0), _SMOOTH).astype(np.float32)
        right = -cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
        down = -cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
        return cls(np.asarray(down, np.float32), np.asarray(right, np.float32), view.contrast / DIAMETER)

    def points_at(self, where: Places, ways: Values, least: float, steep: float) -> npt.NDArray[np.bool_]:
        """Where a steep slope goes along these unit vectors, by the cosine between them."""
        slopes = np.stack([side[where[0], where[1]] for side in (self.down, self.right)], axis=1)
        steepness = np.linalg.norm(slopes, axis=1)
        along = np.einsum("ij,ij->i", slopes, ways)
        return np.asarray((along > least * steepness) & (steepness > steep * self.usual))


@dataclass(frozen=True)
class _Outline:
    """Pixels of outlines: the piece of each and its place from the middle of that piece, (n, 2)."""

    piece: Numbers
    place: Values
    count: int

    @classmethod
    def of(cls, labels: Numbers, where: Places, down: Values, right: Values, count: int) -> _Outline:
        piece = labels[where[0], where[1]]
        place = np.stack([where[0] - down[piece], where[1] - right[piece]], axis=1)
        return cls(piece, place, count)

    @property
    def length(self) -> Values:
        return self.sums(np.ones(len(self.piece)))

    def sums(self, values: npt.NDArray[np.generic]) -> Values:
        return np.asarray(np.bincount(self.piece, values, self.count), np.float64)

    def share(self, flags: npt.NDArray[np.bool_]) -> Values:
        return np.asarray(self.sums(flags) / np.maximum(self.length, 1))

    def near_circle(self, radius: Values) -> npt.NDArray[np.bool_]:
        distance = np.linalg.norm(self.place, axis=1)
        return np.asarray(np.abs(distance / np.maximum(radius[self.piece], _TINY) - 1) < _ON_CIRCLE)

    def inwards(self, centre: Values) -> Values:
        """The unit vectors towards the centres, (n, 2)."""
        way = centre[self.piece] - self.place
        return np.asarray(way / (np.linalg.norm(way, axis=1, keepdims=True) + _TINY))

    def circles(self) -> tuple[Values, Values]:
        """The circle through each outline: its centre from the middle of the piece, and its radius."""
        scaled = self.place / DIAMETER
        terms = np.column_stack([scaled, np.ones(len(scaled))])
        squares = np.square(scaled).sum(axis=1)
        left = np.array([[self.sums(one * other) for other in terms.T] for one in terms.T])
        right = np.array([self.sums(one * squares) for one in terms.T])
        solved = np.linalg.solve(np.moveaxis(left, 2, 0) + _RIDGE * np.eye(3), right.T[..., np.newaxis])
        centre = solved[:, :2, 0] / 2
        square = solved[:, 2, 0] + np.square(centre).sum(axis=1)
        return centre * DIAMETER, np.sqrt(np.maximum(square, _RIDGE)) * DIAMETER


def _labels(pieces: Sequence[SegmentedCell], shape: tuple[int, int], size: tuple[int, ...]) -> Numbers:
    """The number of the piece at each pixel of the view, from 1 on; 0 on the ground."""
    labels = np.zeros(shape, np.uint16)
    for number, piece in enumerate(pieces, start=1):
        labels[piece.y : piece.y + piece.height, piece.x : piece.x + piece.width][piece.mask] = number
    small = cv2.resize(labels, (size[1], size[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(small, np.int32)


def _rims(labels: Numbers) -> tuple[Places, Places]:
    """Where outlines lie, rows and columns, and where these border on ground; not at the edge of a photo."""
    framed = cv2.copyMakeBorder(labels, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    sides = (framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:])
    is_rim = (labels > 0) & np.logical_or.reduce([side != labels for side in sides])
    closed = cv2.morphologyEx((labels > 0).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_GAP, _GAP), np.uint8))
    ground = cv2.dilate(1 - closed, np.ones((5, 5), np.uint8)) > 0
    return np.array(np.nonzero(is_rim)), np.array(np.nonzero(is_rim & ground))


def _middles(labels: Numbers, count: int) -> tuple[Values, Values, Values]:
    """The area of each piece in pixels, and the row and the column of its middle."""
    rows, columns, numbers, lengths = _runs(labels)
    area: Values = np.bincount(numbers, lengths, count).astype(np.float64)
    some = np.maximum(area, 1)
    across = lengths * (2 * columns + lengths - 1) // 2  # the sum of the columns of a run
    return (
        area,
        np.bincount(numbers, rows * lengths, count) / some,
        np.bincount(numbers, across, count) / some,
    )


def _runs(labels: Numbers) -> tuple[Places, Places, Numbers, Places]:
    """The stretches of one piece along the rows: row and first column of each, number, how many pixels."""
    is_first = np.ones(labels.shape, np.bool_)
    np.not_equal(labels[:, 1:], labels[:, :-1], out=is_first[:, 1:])
    begins = np.flatnonzero(is_first)
    numbers, lengths = labels.ravel()[begins], np.diff(begins, append=labels.size)
    on_piece = numbers > 0
    rows, columns = np.divmod(begins[on_piece], labels.shape[1])
    return rows, columns, numbers[on_piece], lengths[on_piece]
