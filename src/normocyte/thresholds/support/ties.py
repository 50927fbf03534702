"""A random number that belongs to a score, whatever stands beside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Scores
from normocyte.core.seeds import generator

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((30, np.uint64(0xBF58476D1CE4E5B9)), (27, np.uint64(0x94D049BB133111EB)))


def uniform_of(scores: Scores, seed: int) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each score (n,), the same for equal scores and another one for another seed.

    The bits of the score and a key drawn from the seed, mixed by the finaliser of SplitMix64 (Steele, Lea &
    Flood, OOPSLA 2014, 453).
    """
    key = np.uint64(generator(seed, "ties").integers(0, 2**64, dtype=np.uint64))
    bits = (np.asarray(scores, np.float64) + 0.0).view(np.uint64)  # + 0.0: one zero, not two
    mixed = (bits ^ key) + _STEP
    for shift, factor in _MIX:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)
