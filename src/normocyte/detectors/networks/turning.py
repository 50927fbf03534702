"""Turns and mirrors cells, each in a way of its own: a cell has no upper side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Pixels

WAYS = 8


@dataclass(frozen=True)
class Turns:
    """A way for each of n cells: the half of it counts quarter turns, and an odd one is mirrored then."""

    ways: npt.NDArray[np.intp]

    @classmethod
    def drawn(cls, rng: np.random.Generator, shape: tuple[int, ...]) -> Turns:
        """Any of the eight ways for each cell of a batch of this shape, (n, height, width, channels).

        No quarter turns where they would swap unequal height and width.
        """
        ways = rng.integers(WAYS, size=shape[0])
        is_square = shape[1] == shape[2]
        return cls(ways if is_square else ways // 4 * 4 + ways % 2)

    def __call__(self, cells: Pixels) -> Pixels:
        """The cells (n, height, width, channels), each turned and mirrored in its way."""
        turned = np.empty_like(cells)
        for way in np.unique(self.ways):
            rows = self.ways == way
            those = np.rot90(cells[rows], way // 2, axes=(1, 2))
            turned[rows] = those[:, :, ::-1] if way % 2 else those
        return turned
