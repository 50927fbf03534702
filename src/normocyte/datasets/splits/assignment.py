"""Gives whole patients to the parts of a split, so that the counts of cells come close to what is wanted."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import DatasetError
from normocyte.core.types import Part

HEALTHY_PARTS = (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION)
LABELLED_PARTS = (Part.TEST, Part.TUNING)
_NO_TUNING = "set the fraction of tuning to 0"
_CELL_BY_CELL = (
    "give `patients='unknown'` to split cell by cell, which does not show how other patients would do"
)
_OTHER_PROTOCOL = "choose the protocol 'mixed'"

_Counts = npt.NDArray[np.float64]


class Kind(enum.Enum):
    """What cells a patient has."""

    CLEAN = "healthy cells only"
    BOTH = "both"
    ANOMALIES = "anomalies only"


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient and how many cells of each kind are there."""

    name: str
    healthy: int
    anomalies: int

    @property
    def cells(self) -> int:
        """All cells."""
        return self.healthy + self.anomalies

    @property
    def counts(self) -> _Counts:
        """Healthy cells and anomalies, (2,)."""
        return np.array([self.healthy, self.anomalies], np.float64)

    @property
    def kind(self) -> Kind:
        """Which cells are there."""
        if not self.anomalies:
            return Kind.CLEAN
        return Kind.BOTH if self.healthy else Kind.ANOMALIES


_Wish = Callable[[Patient], bool]


@dataclass
class Assignment:
    """Gives each patient to one part: first who a part cannot do without, then by what is missing most.

    The kinds of patients are dealt out apart from each other, so that every part gets its share of each. The
    healthy parts get no patients who have anomalies only and, with `clean_only`, none who have any.
    """

    patients: Sequence[Patient]
    fractions: Mapping[Part, float]
    clean_only: bool
    left: list[Patient] = field(init=False, default_factory=list)
    totals: dict[Kind, _Counts] = field(init=False, default_factory=dict)
    parts: dict[str, Part] = field(init=False, default_factory=dict)
    missing: dict[tuple[Part, Kind], _Counts] = field(init=False, default_factory=dict)

    def run(self, rng: np.random.Generator) -> dict[str, Part]:
        """The part of each patient; DatasetError when there are too few patients of a kind."""
        self.left = [self.patients[row] for row in rng.permutation(len(self.patients))]
        self.totals = {kind: self._count(kind) for kind in Kind}
        self.missing = self._wanted()
        for part in (*LABELLED_PARTS, *HEALTHY_PARTS):
            if self.fractions[part] > 0:
                self._reserve(part)
        for patient in self.left:
            self._give(patient, self._neediest(patient))
        return self.parts

    def _wanted(self) -> dict[tuple[Part, Kind], _Counts]:
        """How many healthy cells and anomalies each part should get from each kind of patients."""
        wanted = {}
        for kind, cells in self.totals.items():
            total = sum(self.fractions[part] for part in self._open_to(kind))
            for part in self._open_to(kind):
                wanted[part, kind] = cells * self.fractions[part] / total
        return wanted

    def _open_to(self, kind: Kind) -> list[Part]:
        teaches = kind is Kind.CLEAN or (kind is Kind.BOTH and not self.clean_only)
        closed = () if teaches else HEALTHY_PARTS
        return [part for part, fraction in self.fractions.items() if fraction > 0 and part not in closed]

    def _count(self, kind: Kind) -> _Counts:
        return sum((patient.counts for patient in self.patients if patient.kind is kind), start=np.zeros(2))

    def _neediest(self, patient: Patient) -> Part:
        """The part that lacks most of what this patient brings (the squared distance falls most there)."""
        weights = patient.counts / np.maximum(self.totals[patient.kind], 1) ** 2
        return max(
            self._open_to(patient.kind),
            key=lambda part: float(weights @ self.missing[part, patient.kind]),
        )

    def _give(self, patient: Patient, part: Part) -> None:
        self.parts[patient.name] = part
        self.missing[part, patient.kind] -= patient.counts

    def _reserve(self, part: Part) -> None:
        """Give the part what it cannot do without: healthy cells and, where labels count, anomalies."""
        if part in HEALTHY_PARTS:
            self._reserve_one(part, self._fits_healthy_part, "healthy cells")
            return
        both = [patient for patient in self.left if patient.kind is Kind.BOTH]
        if both:
            self._take(self._least_harmful(both, part), part)
            return
        self._reserve_one(part, lambda patient: patient.anomalies > 0, "anomalies")
        self._reserve_one(part, lambda patient: patient.healthy > 0, "healthy cells")

    def _fits_healthy_part(self, patient: Patient) -> bool:
        return patient.kind is Kind.CLEAN or (patient.kind is Kind.BOTH and not self.clean_only)

    def _reserve_one(self, part: Part, wish: _Wish, what: str) -> None:
        candidates = [patient for patient in self.left if wish(patient)]
        if not candidates:
            raise self._too_few(part, what)
        self._take(self._least_harmful(candidates, part), part)

    def _take(self, patient: Patient, part: Part) -> None:
        self.left.remove(patient)
        self._give(patient, part)

    def _least_harmful(self, candidates: list[Patient], part: Part) -> Patient:
        """The first who fits into what the part still wants, or else the smallest."""
        fitting = [
            patient for patient in candidates if patient.cells <= self.missing[part, patient.kind].sum()
        ]
        return fitting[0] if fitting else min(candidates, key=lambda patient: patient.cells)

    def _too_few(self, part: Part, what: str) -> DatasetError:
        counts = Counter(patient.kind for patient in self.patients)
        there = ", ".join(f"{counts[kind]} with {kind.value}" for kind in Kind)
        needs_clean = self.clean_only and part in HEALTHY_PARTS
        if part in HEALTHY_PARTS and not any(patient.anomalies for patient in self.patients):
            return self._too_few_healthy()
        return DatasetError(
            f"Too few patients to split: the part '{part}' needs a patient "
            f"{'free of anomalies ' if needs_clean else ''}with {what}, but none is left of "
            f"{len(self.patients)} patients ({there}). Add patients, or {self._remedy(needs_clean)}."
        )

    def _remedy(self, needs_clean: bool) -> str:
        if needs_clean:
            return _OTHER_PROTOCOL
        return _NO_TUNING if self.fractions[Part.TUNING] else _CELL_BY_CELL

    def _too_few_healthy(self) -> DatasetError:
        cells = sum(patient.cells for patient in self.patients)
        people = "1 patient" if len(self.patients) == 1 else f"{len(self.patients)} patients"
        return DatasetError(
            "Too few patients to split: learning, knowing when to stop and the threshold each need a patient "
            f"of their own, but the {cells:,} healthy cells are of {people}. Add patients, "
            f"or {_CELL_BY_CELL}."
        )
