"""The contract of a score."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.fields import Declared
from normocyte.core.types import Maps, Mask, Scores

Learnt = dict[str, npt.NDArray[np.float64]]


@dataclass
class Score(Declared, ABC):
    """Reduces a map to one number an image; a higher number is more anomalous.

    Maps are (n, height, width) float32, positive where darker than expected. Masks are (n, height, width)
    uint8: 0 does not count; values above 1 name regions. An image in which nothing counts scores NaN.
    """

    @property
    def fewest(self) -> int:
        """From how many healthy cells it can learn, at least."""
        return 0

    def fit(self, maps: Maps, masks: Mask) -> None:
        """Learn what is usual from the maps of healthy cells; most scores have nothing to learn."""

    @abstractmethod
    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        """One score an image, (n,) float64."""

    def learnt(self) -> Learnt:
        """What `fit` learnt, as arrays that the bundle keeps in `calibration.npz`; empty when nothing."""
        return {}

    def restore(self, learnt: Learnt) -> None:
        """Take back what `learnt` gave."""
