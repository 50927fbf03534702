"""Chooses the healthy patches that a memory keeps."""

import numpy as np
import numpy.typing as npt

from normocyte.detectors.contract import Training

_SAMPLE = 2000
_NEIGHBOURS = 3

Array = npt.NDArray[np.float32]
Generator = np.random.Generator


def crowded(table: Array, isolated: float, rng: Generator) -> npt.NDArray[np.intp]:
    """The rows without the share that lies farthest from its own neighbours in a sample, rising."""
    sample = table[np.sort(rng.permutation(len(table))[:_SAMPLE])]
    near = min(_NEIGHBOURS, len(sample) - 1)
    distances = np.concatenate(
        [
            np.partition(_squares(table[start : start + _SAMPLE], sample), near, axis=1)[:, near]
            for start in range(0, len(table), _SAMPLE)
        ]
    )
    count = len(table) - int(isolated * len(table))
    return np.sort(np.argsort(distances, kind="stable")[:count])


def _squares(rows: Array, others: Array) -> Array:
    """Squared distances, (rows, others), but for what is the same for all others of a row or rounding."""
    lengths = np.sum(rows**2, axis=1)[:, np.newaxis] + np.sum(others**2, axis=1)
    return np.asarray(lengths - 2 * rows @ others.T)


def farthest_first(table: Array, count: int, training: Training, rng: Generator) -> npt.NDArray[np.intp]:
    """The greedy k-centre choice; it ends early when every row is one of those chosen."""
    chosen = [int(rng.integers(len(table)))]
    nearest = np.full(len(table), np.inf, np.float32)
    training.progress.begin("Choosing patches", count)
    while len(chosen) < count:
        np.minimum(nearest, np.sum((table - table[chosen[-1]]) ** 2, axis=1), out=nearest)
        farthest = int(nearest.argmax())
        training.cancel.check()
        training.progress.advance()
        if nearest[farthest] <= 0:
            break
        chosen.append(farthest)
    training.progress.advance(count - len(chosen) + 1)
    return np.array(chosen, np.intp)
