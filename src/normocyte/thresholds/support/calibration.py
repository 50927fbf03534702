"""Healthy cells that no part was fitted on: what a new score is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from normocyte.core.messages import Message, deferred, ndeferred
from normocyte.core.percent import percent
from normocyte.core.types import UNKNOWN_PATIENT, Names, Scores


@dataclass(frozen=True)
class Calibration:
    """Healthy cells that no part was fitted on: their scores (m,), rising, and the patient of each (m,)."""

    scores: Scores = field(default_factory=lambda: np.empty(0))
    patients: Names = field(default_factory=lambda: np.empty(0, np.str_))

    @classmethod
    def of(cls, scores: Scores, patients: Names) -> Calibration:
        """Scores in any order, sorted together with their patients."""
        order = np.argsort(scores, kind="stable")
        return cls(scores[order], patients[order])

    def __len__(self) -> int:
        """How many cells there are."""
        return len(self.scores)

    @property
    def patient_count(self) -> int:
        """How many patients the cells are of."""
        return len(self._sizes)

    @property
    def are_patients_known(self) -> bool:
        """False when some cell is of nobody known: then cells can only be taken for independent."""
        return not bool((self.patients == UNKNOWN_PATIENT).any())

    @property
    def known_patient_count(self) -> int:
        """How many patients are known by name."""
        return self.patient_count if self.are_patients_known else 0

    @cached_property
    def codes(self) -> npt.NDArray[np.intp]:
        """The patient of each cell as a number from 0, (m,)."""
        return np.asarray(np.unique(self.patients, return_inverse=True)[1], np.intp).reshape(-1)

    @cached_property
    def _sizes(self) -> npt.NDArray[np.intp]:
        """How many cells each patient has, (patients,)."""
        return np.asarray(np.bincount(self.codes), np.intp)

    @cached_property
    def _shares_from(self) -> npt.NDArray[np.float64]:
        """Summed over patients, the share of a patient's cells from each rank on, (m + 1,), falling to 0."""
        weights = 1.0 / self._sizes[self.codes] if len(self) else np.empty(0)
        return np.concatenate([np.cumsum(weights[::-1])[::-1], [0.0]])

    def shares_at_least(self, scores: Scores) -> Scores:
        """Summed over patients, the share of a patient's cells that score at least so high, (n,).

        Each patient counts as one, however many cells it has; from 0 to `patient_count`.
        """
        return np.asarray(self._shares_from[np.searchsorted(self.scores, scores, side="left")])

    def rates_above(self, cuts: Scores) -> npt.NDArray[np.float64]:
        """The share of each patient's cells above each threshold, falling, (cuts, patients)."""
        rising = cuts[::-1]
        exceeded = np.searchsorted(rising, self.scores, side="left")
        counts = np.zeros((len(cuts) + 1, self.patient_count))
        np.add.at(counts, (exceeded, self.codes), 1.0)
        above = np.cumsum(counts[::-1], axis=0)[:-1]
        return np.asarray(above / self._sizes)


def cells_of_patients(calibration: Calibration) -> Message:
    """How many calibration cells of how many patients."""
    count = len(calibration)
    cells = ndeferred("{cells} healthy cell", "{cells} healthy cells", count, cells=count)
    if not calibration.are_patients_known:
        return deferred("{cells} of unknown patients", cells=cells)
    number = calibration.patient_count
    people = ndeferred("{patients} patient", "{patients} patients", number, patients=number)
    return deferred("{cells} of {patients}", cells=cells, patients=people)


def chosen(rule: str) -> Message:
    """A rule of this name, and that labelled cells chose its threshold."""
    return deferred("{rule}, chosen on labelled cells,", rule=rule)


def share_above(calibration: Calibration, cut: float) -> float:
    """The share of calibration cells above a threshold; NaN without cells."""
    return float(np.mean(calibration.scores > cut)) if len(calibration) else float("nan")


def no_rate(rule: str, calibration: Calibration, cut: float) -> str:
    """What a rule without a rate can say: what it does to the calibration cells."""
    if not len(calibration):
        return deferred("{rule} states no error rate.", rule=rule)
    return deferred(
        "{rule} states no error rate; of {cells}, {share} lie above its threshold.",
        rule=rule,
        cells=cells_of_patients(calibration),
        share=percent(share_above(calibration, cut)),
    )
