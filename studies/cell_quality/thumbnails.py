"""A check to compare the gate with: how badly principal components give a healthy thumbnail back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import svd

from normocyte.cell_checks.support.thumbnails import Thumbnails

Image8 = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float64]
SIDE, COMPONENTS, REFUSED = 8, 32, 0.002


@dataclass(frozen=True)
class Reconstruction:
    """Low frequencies: 8 x 8 pixels in three colours, 32 components, a limit that 0.2 % of others exceed."""

    mean: Numbers
    axes: Numbers
    limit: float

    @classmethod
    def of(cls, healthy: Sequence[Image8]) -> Reconstruction:
        """Learnt from one half of healthy cells, with a limit from the other."""
        rows = _small(healthy)
        learning, others = rows[::2], rows[1::2]
        mean = learning.mean(axis=0)
        axes = svd(learning - mean, full_matrices=False)[2][:COMPONENTS]
        plain = cls(mean, axes, np.inf)
        return cls(mean, axes, float(np.quantile(plain.errors(others), 1 - REFUSED)))

    def refuses(self, images: Sequence[Image8]) -> npt.NDArray[np.bool_]:
        """True for pictures that are given back worse than almost all healthy cells, (n,)."""
        return self.errors(_small(images)) > self.limit

    def errors(self, rows: Numbers) -> Numbers:
        """The squared error of each, (n,)."""
        centred = rows - self.mean
        return np.asarray(((centred - centred @ self.axes.T @ self.axes) ** 2).mean(axis=1))


def _small(images: Sequence[Image8]) -> Numbers:
    """Eight by eight means of each channel, (n, 192)."""
    pictures = Thumbnails.of(images).pictures.astype(np.float64)
    share = pictures.shape[1] // SIDE
    blocks = pictures.reshape(len(pictures), SIDE, share, SIDE, share, 3)
    return np.asarray(blocks.mean(axis=(2, 4)).reshape(len(pictures), SIDE * SIDE * 3))
