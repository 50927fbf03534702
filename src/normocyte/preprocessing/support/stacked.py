"""Steps that work on several samples in one stack."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from normocyte.core.errors import ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step


@dataclass
class StackedStep(Step):
    """A step that takes less time for samples of one size in one stack; the numbers are the same."""

    @abstractmethod
    def stacked(self, samples: Sequence[Sample]) -> list[Sample]:
        """Each of these samples of one size after this step; ImageError when one cannot be assessed."""

    def apply(self, sample: Sample) -> Sample:
        return self.stacked([sample])[0]

    def apply_all(self, samples: Sequence[Sample]) -> list[Sample | ImageError]:
        if len({sample.mask.shape for sample in samples}) == 1:
            with suppress(ImageError):  # then one by one, so that only that one is left out
                return [*self.stacked(samples)]
        return super().apply_all(samples)
