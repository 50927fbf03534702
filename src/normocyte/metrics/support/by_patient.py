"""False positives patient by patient: a good average can hide one patient with many."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import HEALTHY, Labels, Names


@dataclass(frozen=True, slots=True)
class FalsePositives:
    """Each patient with healthy cells, by name: how many there are and how many of them were flagged."""

    patients: Names
    healthy: npt.NDArray[np.intp]
    flagged: npt.NDArray[np.intp]

    @property
    def rates(self) -> npt.NDArray[np.float64]:
        """The share of flagged cells among the healthy cells of each patient, (patients,)."""
        return self.flagged / self.healthy

    @property
    def median(self) -> float:
        """The rate of the patient in the middle; NaN without patients."""
        return float(np.median(self.rates)) if len(self.patients) else float("nan")

    @property
    def worst(self) -> float:
        """The highest rate; NaN without patients."""
        return float(self.rates.max()) if len(self.patients) else float("nan")


def false_positives_by_patient(
    flagged: npt.NDArray[np.bool_], labels: Labels, patients: Names
) -> FalsePositives:
    """Counts by patient from decisions (n,), labels (n,) and patient names (n,)."""
    is_healthy = labels == HEALTHY
    names, owner = np.unique(patients[is_healthy], return_inverse=True)
    healthy = np.bincount(owner, minlength=len(names))
    wrong = np.bincount(owner, weights=flagged[is_healthy], minlength=len(names)).astype(np.intp)
    return FalsePositives(names, healthy, wrong)
