"""The contract of an estimator of parasitaemia."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.fields import Declared
from normocyte.core.types import Estimate
from normocyte.parasitaemia.support.cut import Counts

RED_CELLS = 5_000_000
"""Red cells in a microlitre of blood, where nobody counted them."""


@dataclass
class Estimator(Declared, ABC):
    """Turns the counts of one smear into the share of its red cells that is infected, with a 95 % interval.

    Patients are the units: the false-positive rate and the sensitivity of the smear's patient are those of a
    new patient, and differ from the calibration patients' mean as these differ among each other. Where the
    sensitivity is not known, the share is that of cells flagged beyond the false ones (`Cut.meaning`).
    """

    @abstractmethod
    def share(self, counts: Counts) -> Estimate:
        """The estimate from a smear with cells; packages above call `estimate`."""

    def estimate(self, counts: Counts) -> Estimate:
        """The parasitaemia in [0, 1], inside its interval; DatasetError for a smear without cells."""
        if counts.total == 0:
            raise DatasetError(
                f"The {len(counts.cells):,} photos of the smear have 0 cells that could be assessed; give at "
                "least 1 cell."
            )
        found = self.share(counts)
        return Estimate(found.value, min(found.low, found.value), max(found.high, found.value))


def per_microlitre(parasitaemia: Estimate, red_cells: float = RED_CELLS) -> Estimate:
    """Infected red cells in a microlitre of blood with so many red cells; ConfigError for none."""
    if not 0 < red_cells < float("inf"):
        raise ConfigError(
            f"{red_cells!r} red cells per microlitre are not possible; choose a number such as {RED_CELLS}."
        )
    return Estimate(*(red_cells * one for one in (parasitaemia.value, parasitaemia.low, parasitaemia.high)))
