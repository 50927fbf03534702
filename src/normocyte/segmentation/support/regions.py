"""Regions of a smaller copy become cells of the photo."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Plane, Rows
from normocyte.segmentation.contract import Labels

Window = tuple[slice, slice]
Outline = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Frame:
    """How a smaller copy of (rows, columns) lies in a photo of (height, width)."""

    rows: int
    columns: int
    height: int
    width: int

    def enlarged(self, piece: Flags, left: int, top: int) -> tuple[int, int, Flags]:
        """The mask in the photo of a piece of the copy at (left, top): left, top and mask there."""
        across, down = self.width / self.columns, self.height / self.rows
        x, y = int(left * across), int(top * down)
        right = min(self.width, int(np.ceil((left + piece.shape[1]) * across)))
        bottom = min(self.height, int(np.ceil((top + piece.shape[0]) * down)))
        large = cv2.warpAffine(
            piece.astype(np.float32),
            np.array(
                [
                    [1 / across, 0, (x + 0.5) / across - 0.5 - left],
                    [0, 1 / down, (y + 0.5) / down - 0.5 - top],
                ]
            ),
            (right - x, bottom - y),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
        )
        return tight(large >= 0.5, x, y)  # noqa: PLR2004 - half a pixel


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The stretches of one number along the rows of numbered regions (height, width), of which there are few.

    Where each begins in the flat picture, its number, and how many pixels it has; `count` is the highest
    number plus 1.
    """

    begins: Rows
    numbers: Labels
    lengths: Rows
    shape: tuple[int, int]
    count: int

    @classmethod
    def of(cls, labels: Labels) -> Self:
        """Those of a picture with at least one pixel."""
        is_first = np.ones(labels.shape, np.bool_)
        np.not_equal(labels[:, 1:], labels[:, :-1], out=is_first[:, 1:])
        begins = np.flatnonzero(is_first)
        numbers = labels.ravel()[begins]
        lengths = np.diff(begins, append=labels.size)
        return cls(begins, numbers, lengths, (labels.shape[0], labels.shape[1]), int(numbers.max()) + 1)

    @property
    def areas(self) -> Rows:
        """How many pixels each number has, (count,)."""
        return np.bincount(self.numbers, self.lengths).astype(np.intp)

    def highest(self, plane: Plane) -> Plane:
        """The highest value of a plane at each number, 0 at least, (count,)."""
        found = np.zeros(self.count, np.float32)
        np.maximum.at(found, self.numbers, np.maximum.reduceat(plane.ravel(), self.begins))
        return found

    @property
    def windows(self) -> list[Window]:
        """The rows and columns that each number from 1 up takes; both are empty for one that is not there."""
        rows, columns = np.divmod(self.begins, self.shape[1])
        top, left = np.full(self.count, self.shape[0]), np.full(self.count, self.shape[1])
        bottom, right = np.zeros(self.count, np.intp), np.zeros(self.count, np.intp)
        np.minimum.at(top, self.numbers, rows)
        np.minimum.at(left, self.numbers, columns)
        np.maximum.at(bottom, self.numbers, rows + 1)
        np.maximum.at(right, self.numbers, columns + self.lengths)
        sides = (side[1:].tolist() for side in (top, bottom, left, right))
        return [
            (slice(one, max(one, end)), slice(begin, max(begin, stop)))
            for one, end, begin, stop in zip(*sides, strict=True)
        ]


def tight(mask: Flags, left: int, top: int) -> tuple[int, int, Flags]:
    """A mask at (left, top) without the empty rows and columns around it: left, top and mask."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return left + x, top + y, np.ascontiguousarray(mask[y : y + height, x : x + width])


def main_piece(piece: Flags) -> Flags:
    """The largest connected part of a mask, with its holes filled."""
    return outlined_piece(piece)[0]


def outlined_piece(piece: Flags) -> tuple[Flags, Outline]:
    """The same, with its outline as OpenCV gives it."""
    contours, _ = cv2.findContours(piece.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=len)
    whole = np.zeros(piece.shape, np.uint8)
    cv2.drawContours(whole, [largest], 0, 1, cv2.FILLED)
    return whole.view(np.bool_), np.asarray(largest, np.int32)


def solidity(mask: Flags, outline: Outline) -> float:
    """The share of the convex hull that is mask."""
    hull = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(outline), 1)
    return float(np.count_nonzero(mask) / max(cv2.countNonZero(hull), 1))
