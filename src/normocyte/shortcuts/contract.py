"""The contract of a shortcut baseline: a few numbers of an image in which no disease is meant to show."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Floats, Scores, Table
from normocyte.shortcuts.support.distance import Distance

FEWEST_HEALTHY = 10
"""Of fewer healthy images no baseline can learn what is usual."""


class Shortcut(ABC):
    """Judges images by numbers that cost nothing: how far they lie from those of healthy images.

    What it scores high need not be diseased. Where it does as well as a detector, the images of the two
    kinds differ in some way that needs no detector, such as the camera. Nothing is learnt from labels but
    which images are healthy, and a number that is too low counts as much as one that is too high.
    """

    title: ClassVar[str]
    """What it is called in a sentence, after "the"."""
    measures: ClassVar[tuple[str, ...]] = ()
    """What its first numbers are called, as far as each is worth a look of its own, in both directions."""
    is_of_the_split: ClassVar[bool] = False
    """Whether it can be asked only beside the images that a detector has learnt from."""

    def __init__(self) -> None:
        self._distance = Distance.of(np.zeros((2, 1)))

    @abstractmethod
    def measure(self, image: StoredImage) -> Sequence[float] | Floats:
        """The numbers of one image, always as many; NaN where the image cannot say."""

    def fit(self, healthy: Table) -> None:
        """Learn what is usual from the numbers of healthy images, (n, numbers)."""
        self._distance = Distance.of(healthy)

    def score(self, measured: Table) -> Scores:
        """How far these images are from usual, (n,), by their numbers (n, numbers)."""
        return self._distance.from_centre(measured)
