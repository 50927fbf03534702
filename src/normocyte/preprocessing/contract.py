"""The contract of a preprocessing step."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from normocyte.core.errors import ImageError
from normocyte.core.fields import Declared
from normocyte.core.types import Sample


@dataclass
class Step(Declared, ABC):
    """Fields are the step's parameters; `apply` gives a new sample and leaves the old one as it was.

    The first step receives RGB pixels in 0..255 as float32, shape (height, width, 3), and a mask of ones. A
    step may change the size or the number of channels; the mask always has the size of the pixels.
    """

    @abstractmethod
    def apply(self, sample: Sample) -> Sample:
        """The sample after this step; ImageError when the image cannot be assessed (e.g. no cell in it)."""

    def apply_all(self, samples: Sequence[Sample]) -> list[Sample | ImageError]:
        """What `apply` gives for each of several samples, or the ImageError that it raises for it."""
        return [self._applied(sample) for sample in samples]

    def _applied(self, sample: Sample) -> Sample | ImageError:
        try:
            return self.apply(sample)
        except ImageError as error:
            return error
