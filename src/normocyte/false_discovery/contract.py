"""The contract of a false-discovery rule."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.fields import Declared, described
from normocyte.core.percent import percent
from normocyte.core.types import Scores
from normocyte.false_discovery.support.p_values import check_p_values, in_rising_order

ROUNDING = 1e-12


@dataclass
class FalseDiscoveryRule(Declared, ABC):
    """Selects cells of one smear so that few of those selected are healthy.

    A false-positive rate says how many *healthy* cells are flagged; of a million healthy cells, 1 % are ten
    thousand. The false-discovery rate says how many of the *flagged* cells are healthy: the expected share of
    healthy cells among those selected (0 where none is), here at most `false_discovery_rate`.
    """

    false_discovery_rate: float = described(0.1, "share of healthy cells among selected", above=0, below=1)

    @abstractmethod
    def adjust(self, rising: Scores) -> Scores:
        """The adjusted p-values, (m,), of p-values without NaN that rise, (m,), m >= 1."""

    @abstractmethod
    def assumption(self) -> str:
        """Under which assumption the rate holds: the end of a sentence that begins with 'if'."""

    def adjusted(self, p_values: Scores) -> Scores:
        """The least rate at which each cell would be selected, (n,) in (0, 1].

        A cell whose p-value is NaN gets NaN and does not count. DatasetError for p-values outside (0, 1].
        """
        given = np.asarray(p_values, dtype=np.float64)
        check_p_values(given)
        return in_rising_order(given, self.adjust) if given.size else given

    def select(self, p_values: Scores) -> npt.NDArray[np.bool_]:
        """Which cells of the smear are selected, (n,) bool; never one whose p-value is NaN."""
        return np.asarray(self.adjusted(p_values) <= self.false_discovery_rate * (1 + ROUNDING))

    def guarantee(self, n: int) -> str:
        """What is controlled when n cells of a smear are judged, and under which assumption."""
        rate = percent(self.false_discovery_rate, 3)
        return (
            f"On average over smears, at most {rate} of the cells selected among {n:,} are healthy, "
            f"if {self.assumption()}."
        )
