"""Finds what software burnt into a photo: scale bars, letters and arrows, from this one photo alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Image8
from normocyte.segmentation.support.regions import Window, tight

_INK = 0.2
_PURE_LOW, _PURE_HIGH = 0.1, 0.9
_FULL, _WHITE, _NEAR_WHITE = 255, 250, 230
_REACH = np.ones((5, 5), np.uint8)
_BRIGHT = 0.5
_SHARP_SHARE = 0.8
_FEWEST, _FEWEST_TOGETHER = 5, 20
_LARGEST = 0.02
_GROUP = 0.01
_BAR_ASPECT = 4.0
_BAR_FILL = 0.9


Gray8 = npt.NDArray[np.uint8]
Piece = tuple[int, int, Flags]
"""Left, top and mask of something in a photo."""


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """What is burnt into a photo of (height, width), what lies close together as one, such as a line of text.

    `mask` holds the pixels of all, `bar_px` the length of the longest bar, NaN without one.
    """

    pieces: list[Piece]
    mask: Flags
    bar_px: float


def annotations_of(pixels: Image8) -> Annotations:
    """What is burnt in: pieces of ink whose edge is as sharp as no lens draws it.

    Ink is black, a pure colour or, on a stained ground, white. Its edge is sharp where within two pixels the
    picture is at least half as bright as empty glass (around white, at most half). 80 % of the edge must be.
    """
    red, green, blue = cv2.split(pixels)
    high = np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)
    low = np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)
    glass = float(np.percentile(high[::4, ::4], 75))
    found = [piece for ink, side in _inks(high, low, glass) for piece in _sharp_pieces(ink, side)]
    groups = _grouped(found, high.shape)
    bars = [_bar_length(piece) for _, _, piece in found]
    return Annotations(groups, _painted(groups, high.shape), float(np.fmax.reduce([*bars, np.nan])))


def painted_over(pixels: Image8, burnt: Flags) -> Image8:
    """A photo, or a smaller copy of it, in which what is burnt in has been painted over from around it."""
    if not burnt.any():
        return pixels
    size = pixels.shape[1], pixels.shape[0]
    touched = cv2.resize(burnt.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    wide = cv2.dilate(touched.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.inpaint(pixels, wide, 2, cv2.INPAINT_TELEA), dtype=np.uint8)


def _painted(pieces: list[Piece], shape: tuple[int, ...]) -> Flags:
    mask = np.zeros(shape, bool)
    for left, top, piece in pieces:
        mask[top : top + piece.shape[0], left : left + piece.shape[1]] |= piece
    return mask


def _grouped(pieces: list[Piece], shape: tuple[int, ...]) -> list[Piece]:
    """What lies close together as one; specks of ink are left out."""
    if not pieces:
        return []
    near = max(3, round(_GROUP * max(shape))) | 1
    rows, columns = _around(pieces, near, shape)
    own = _painted(pieces, shape)[rows, columns]
    wide = cv2.dilate(own.astype(np.uint8), np.ones((near, near), np.uint8))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(wide)
    groups = []
    for number in range(1, count):
        left, top, width, height = (int(fact) for fact in facts[number, :4])
        window = slice(top, top + height), slice(left, left + width)
        group = own[window] & (labels[window] == number)
        groups.append(tight(group, columns.start + left, rows.start + top))
    return [group for group in groups if np.count_nonzero(group[2]) >= _FEWEST_TOGETHER]


def _around(pieces: list[Piece], near: int, shape: tuple[int, ...]) -> Window:
    """The rows and columns of a photo that hold these pieces and what is so near to them."""
    tops, bottoms = zip(*((top, top + piece.shape[0]) for _, top, piece in pieces), strict=True)
    lefts, rights = zip(*((left, left + piece.shape[1]) for left, _, piece in pieces), strict=True)
    rows = slice(max(min(tops) - near, 0), min(max(bottoms) + near, shape[0]))
    return rows, slice(max(min(lefts) - near, 0), min(max(rights) + near, shape[1]))


def _inks(high: Gray8, low: Gray8, glass: float) -> Iterator[tuple[Flags, Flags]]:
    """Each ink that is there with the places near which its edge would be sharp."""
    black = high <= math.floor(_INK * glass)
    pure = (low <= math.floor(_PURE_LOW * _FULL)) & (high >= math.ceil(_PURE_HIGH * _FULL))
    if black.any():
        yield black, cv2.dilate(high, _REACH) >= math.ceil(_BRIGHT * glass)
    if pure.any():
        yield pure, cv2.dilate(low, _REACH) >= math.ceil(_BRIGHT * glass)
    if np.percentile(low[::4, ::4], 95) < _NEAR_WHITE and (white := low >= _WHITE).any():
        yield white, cv2.erode(low, _REACH) <= math.floor(_BRIGHT * _FULL)


def _sharp_pieces(ink: Flags, is_other_side: Flags) -> list[Piece]:
    x, y, across, down = cv2.boundingRect(ink.astype(np.uint8))
    area = slice(y, y + down), slice(x, x + across)
    _, labels, facts, _ = cv2.connectedComponentsWithStats(ink[area].astype(np.uint8), connectivity=8)
    areas = facts[1:, cv2.CC_STAT_AREA]
    found = []
    for number in np.flatnonzero((areas >= _FEWEST) & (areas <= _LARGEST * ink.size)) + 1:
        left, top, width, height = (int(fact) for fact in facts[number, :4])
        window = slice(top, top + height), slice(left, left + width)
        piece = np.asarray(labels[window] == number)
        if _sharpness(piece, is_other_side[area][window]) >= _SHARP_SHARE:
            found.append((x + left, y + top, piece))
    return found


def _sharpness(piece: Flags, is_other_side: Flags) -> float:
    """The share of the outermost pixels of a piece near which the other side begins."""
    framed = cv2.copyMakeBorder(piece.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    rim = piece & (cv2.erode(framed, np.ones((3, 3), np.uint8))[1:-1, 1:-1] == 0)
    return float(np.mean(is_other_side[rim]))


def _bar_length(piece: Flags) -> float:
    """The longer side of a piece that is long, straight and level or upright; NaN for other pieces."""
    level = piece if piece.shape[1] >= piece.shape[0] else piece.T
    height, width = level.shape
    is_bar = width >= _BAR_ASPECT * height and level.mean(axis=1).max() >= _BAR_FILL
    return float(width) if is_bar and width > _FEWEST else float("nan")
