"""Finds pictures that are nearly the same: neighbouring slices, another export, another brightness.

The coefficients of a perceptual hash (pHash: the low frequencies of a cosine transform of a thumbnail) are
kept as numbers, because their signs alone are too coarse for cells, which all have one shape.
"""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8, Rows

LEAST_ALIKE = 0.9
"""Near-duplicates correlate by more than this: docs/design/0036-sources.md says what was measured."""
_SIDE, _FREQUENCIES = 32, 24
_BLOCK = 512
_EMPTY = 1e-6

Looks = npt.NDArray[np.float32]
"""A row an image, see `look`: (n, 576)."""

_ACROSS = np.arange(_FREQUENCIES, dtype=np.float32) ** 2
_WEIGHTS = np.sqrt(_ACROSS[:, None] + _ACROSS)
"""Each frequency counts by its height, as in the gradient: broad light and shade count little."""


def look(pixels: Image8) -> Looks:
    """What makes a picture itself, at 32 px and in gray: 576 numbers of length 1, or zeros where it is even.

    Size, brightness and contrast do not change it, and compression hardly.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(gray, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = cv2.dct(small)[:_FREQUENCIES, :_FREQUENCIES] * _WEIGHTS
    length = float(np.linalg.norm(waves))
    return np.asarray(waves.ravel() / length if length > _EMPTY else np.zeros(waves.size), np.float32)


def near_duplicates(looks: Looks) -> list[Rows]:
    """The rows of pictures that are nearly the same, two or more in a group; a chain of such is one group.

    What all pictures have in common, such as the outline of a cell, is taken off before they are compared:
    their mean, of which one empty picture is a part, so that two equal ones remain equal. Even pictures are
    in no group.
    """
    own = looks - looks.sum(axis=0) / (len(looks) + 1)
    is_picture = np.linalg.norm(looks, axis=1) > _EMPTY
    lengths = np.maximum(np.linalg.norm(own, axis=1), _EMPTY)
    own = np.where(is_picture, 1 / lengths, 0)[:, None].astype(np.float32) * own
    groups = np.arange(len(own))
    for start in range(0, len(own), _BLOCK):
        likeness = own[start : start + _BLOCK] @ own[start:].T
        groups = _joined(groups, np.argwhere(likeness > LEAST_ALIKE) + start)
    return _of_several(groups)


def _joined(groups: Rows, pairs: Rows) -> Rows:
    """The group of each row, where the rows of a pair are in one group from now on."""
    from scipy.sparse import coo_array  # takes a while, and few calls come here
    from scipy.sparse.csgraph import connected_components

    count = len(groups)
    links = coo_array(
        (np.ones(len(pairs), np.int8), (groups[pairs[:, 0]], groups[pairs[:, 1]])), shape=(count, count)
    )
    return np.asarray(connected_components(links, directed=False)[1][groups], np.intp)


def _of_several(groups: Rows) -> list[Rows]:
    """The rows of each group that has two and more, in the order of their first ones."""
    if not len(groups):
        return []
    order = np.argsort(groups, kind="stable")
    begins = np.flatnonzero(np.diff(groups[order])) + 1
    return sorted((rows for rows in np.split(order, begins) if len(rows) > 1), key=lambda rows: int(rows[0]))
