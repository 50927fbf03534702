"""Whether an image nearly repeats one that the detector has learnt from."""

from typing import ClassVar, final

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Floats, Scores, Table
from normocyte.shortcuts.contract import Shortcut

_SIDE = 16
_ALIKE = 0.07
"""Thumbnails that differ by no more than this share of their spread (root mean square) show one picture."""
_LEAST_SPREAD = 4.0
_ROWS = 2048


@final
class NearDuplicates(Shortcut):
    """0 where the thumbnail of an image, 16 x 16 gray levels, is nearly that of a learnt one, 1 elsewhere.

    Where healthy images of the test nearly repeat those of the training, and anomalous ones do not, a
    detector need only remember. Differences of brightness and contrast do not count.
    """

    title: ClassVar[str] = "lack of near-duplicates among learnt images"
    is_of_the_split: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._learnt = np.zeros((0, _SIDE**2))

    def measure(self, image: StoredImage) -> Floats:
        """The thumbnail with the mean 0 and the spread 1, (256,)."""
        rows, columns = (np.linspace(0, side, _SIDE, endpoint=False).astype(int) for side in image.gray.shape)
        sums = np.add.reduceat(np.add.reduceat(image.gray, rows, axis=0, dtype=np.float64), columns, axis=1)
        high, wide = (
            np.diff(np.append(starts, side))
            for starts, side in zip((rows, columns), image.gray.shape, strict=True)
        )
        thumbnail = sums / np.maximum(1, np.outer(high, wide))
        spread = max(_LEAST_SPREAD, float(thumbnail.std()))
        return np.asarray((thumbnail - thumbnail.mean()).ravel() / spread)

    def fit(self, healthy: Table) -> None:
        """Keep the thumbnails."""
        self._learnt = healthy

    def score(self, measured: Table) -> Scores:
        """1 for each image without a near-duplicate among the learnt ones, (n,)."""
        starts = range(0, len(measured), _ROWS)
        nearest = [_nearest(measured[start : start + _ROWS], self._learnt) for start in starts]
        return np.asarray(np.concatenate([np.empty(0), *nearest]) > _ALIKE, np.float64)


def _nearest(some: Table, learnt: Table) -> Floats:
    """The root mean square difference from the nearest learnt thumbnail, (n,)."""
    squares = (some**2).sum(axis=1)[:, None] + (learnt**2).sum(axis=1) - 2 * some @ learnt.T
    return np.asarray(np.sqrt(np.maximum(squares.min(axis=1), 0) / some.shape[1]))
