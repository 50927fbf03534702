"""Which pixels count, and means over them, for many images at once."""

from math import prod
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Maps, Mask, Scores

Flat = npt.NDArray[np.float32]
Counted = npt.NDArray[np.bool_]

_Kind = TypeVar("_Kind", np.float32, np.uint8)


def flat(images: npt.NDArray[_Kind]) -> npt.NDArray[_Kind]:
    """Images (n, height, width) as rows of pixels, (n, pixels)."""
    return images.reshape(len(images), prod(images.shape[1:]))


def counted(masks: Mask, *, is_masked: bool) -> Counted:
    """Which pixels count, (n, pixels): those in the mask, or all."""
    return flat(masks) > 0 if is_masked else np.ones(flat(masks).shape, dtype=np.bool_)


def mean_of(maps: Maps, counts: Counted) -> Scores:
    """The mean of each map over the pixels that count, (n,); NaN where none does."""
    total = np.where(counts, flat(maps), np.float32(0)).sum(axis=1, dtype=np.float64)
    return ratio(total, counts.sum(axis=1))


def ratio(total: Scores, number: npt.NDArray[np.intp]) -> Scores:
    """total / number, (n,); NaN where the number is 0."""
    mean: Scores = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
    return mean


def mean_of_largest(maps: Maps, counts: Counted, fraction: float) -> Scores:
    """The mean of the largest share of the pixels that count, at least one, (n,); NaN where none does."""
    available = counts.sum(axis=1)
    wanted = np.maximum(1, np.ceil(fraction * available - 1e-9)).astype(np.intp)
    return mean_of_top(np.where(counts, flat(maps), -np.inf), np.minimum(wanted, available))


def together(values: Flat, inside: Counted) -> tuple[Flat, npt.NDArray[np.intp]]:
    """The values inside, those of each row side by side and the rest -inf, and how many a row has, (n,).

    A region is a small part of its picture: the rows become far shorter.
    """
    places = np.flatnonzero(inside)
    begins = np.arange(len(values) + 1) * values.shape[1]
    counts = np.diff(np.searchsorted(places, begins))
    narrow = np.full((len(values), max(1, counts.max(initial=0))), -np.inf, np.float32)
    narrow[np.arange(narrow.shape[1]) < counts[:, np.newaxis]] = values.ravel()[places]
    return narrow, counts


def mean_of_top(values: Flat, wanted: npt.NDArray[np.intp]) -> Scores:
    """The mean of the `wanted` (n,) largest values of each row of (n, m), (n,); NaN where 0 are wanted."""
    most = max(1, int(wanted.max(initial=0)))
    largest = np.sort(values, axis=1)[
        :, : -most - 1 : -1
    ]  # sort: partition is 15 times slower where most are -inf
    sums = largest.cumsum(axis=1, dtype=np.float64)
    chosen = np.take_along_axis(sums, np.maximum(wanted, 1)[:, np.newaxis] - 1, axis=1)[:, 0]
    return ratio(chosen, wanted)
