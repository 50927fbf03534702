"""The contract of a drift test."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import DatasetError
from normocyte.core.fields import Declared, described

Values = npt.NDArray[np.float64]

FEWEST_REFERENCE = 10
"""Fewer patients than this say too little about how much patients differ."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far the stream is from the reference, and how rarely chance alone takes it so far."""

    statistic: float
    p_value: float


@dataclass
class DriftTest(Declared, ABC):
    """Compares the patients of a stream with reference patients; patients are exchangeable, cells are not.

    Both are given as one row a patient with the same number of cells each (`_equal_cells.py` draws them), so
    that no row differs from another only because more cells of it were seen. The same seed gives the same
    answer.
    """

    seed: int = described(0, "seed of the random numbers", at_least=0)

    @abstractmethod
    def measure(self, reference: Values, stream: Values) -> Evidence:
        """The evidence from checked reference (k, cells) and stream (t, cells), t >= 1."""

    @abstractmethod
    def guarantee(self) -> str:
        """What the p-value states, and on what condition: a sentence."""

    def compare(self, reference: Values, stream: Values) -> Evidence:
        """The evidence against "the stream's patients are like the reference patients".

        `reference` (k, cells) in any order, `stream` (t, cells) in the order of arrival. DatasetError for
        fewer than 10 reference patients, no patient in the stream, other numbers of cells, or values that are
        no numbers.
        """
        _check(reference, stream)
        return self.measure(reference, stream)


def _check(reference: Values, stream: Values) -> None:
    shapes = f"{reference.shape} and {stream.shape}"
    if reference.ndim != 2 or stream.ndim != 2 or reference.shape[1] != stream.shape[1]:  # noqa: PLR2004
        raise DatasetError(
            f"Reference and stream have the shapes {shapes}; give one row a patient, all of the same length."
        )
    if len(reference) < FEWEST_REFERENCE or not len(stream) or not reference.shape[1]:
        raise DatasetError(
            f"Reference and stream have the shapes {shapes}; give at least {FEWEST_REFERENCE} reference "
            "patients and 1 patient in the stream, with at least 1 cell each."
        )
    bad = int(np.count_nonzero(~np.isfinite(reference)) + np.count_nonzero(~np.isfinite(stream)))
    if bad:
        raise DatasetError(
            f"{bad:,} values of reference and stream are not finite numbers; leave those cells out."
        )
