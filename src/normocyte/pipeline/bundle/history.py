"""Where a bundle's calibration comes from, and the calibrations that it took the place of."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.config import Table
from normocyte.core.types import UNKNOWN_PATIENT
from normocyte.thresholds.support.calibration import Calibration

HISTORY = "history"


@dataclass(frozen=True)
class Origin:
    """The set that calibration cells come from: what it is called, and the SHA-256 over its names.

    `patients_by` says how their patients were found; it is empty where the cells are a part of the set that
    the bundle was trained on.
    """

    data: str = ""
    data_fingerprint: str = ""
    patients_by: str = ""

    @property
    def is_another_set(self) -> bool:
        """True when a site has calibrated the bundle on cells of its own."""
        return bool(self.patients_by)


@dataclass(frozen=True)
class Replaced:
    """A calibration that a later one took the place of.

    Its threshold, the table of its rule, where its cells came from, which Normocyte made it, what it stated,
    and its scores and patients.
    """

    cut: float
    rule: Table
    origin: Origin
    normocyte: str
    guarantee: str
    calibration: Calibration

    @property
    def patients(self) -> frozenset[str]:
        """The patients whom its cells are of, as far as they are known by name."""
        return frozenset(self.calibration.patients.tolist()) - {UNKNOWN_PATIENT}

    def content(self) -> Table:
        """All but scores and patients, as `bundle.json` holds it."""
        return {
            "threshold": self.cut,
            "rule": self.rule,
            "cells": len(self.calibration),
            "patients": self.calibration.known_patient_count,
            **asdict(self.origin),
            "normocyte": self.normocyte,
            "guarantee": self.guarantee,
        }


def history_arrays(history: Sequence[Replaced]) -> dict[str, npt.NDArray[Any]]:
    """Scores and patients of each replaced calibration, the oldest first, by their names in the bundle."""
    return {
        f"{HISTORY}{index}_{name}": array
        for index, replaced in enumerate(history)
        for name, array in (
            ("scores", replaced.calibration.scores),
            ("patients", replaced.calibration.patients),
        )
    }


def history_of(content: Sequence[Mapping[str, Any]], arrays: Mapping[str, Any]) -> tuple[Replaced, ...]:
    """The replaced calibrations that a bundle tells of; ValueError when its arrays tell of others."""
    return tuple(_replaced(index, told, arrays) for index, told in enumerate(content))


def _replaced(place: int, told: Mapping[str, Any], arrays: Mapping[str, Any]) -> Replaced:
    scores, patients = (np.asarray(arrays[f"{HISTORY}{place}_{name}"]) for name in ("scores", "patients"))
    if not len(scores) == len(patients) == told["cells"]:
        raise ValueError(f"{told['cells']} cells, but {len(scores)} scores of {len(patients)} patients")
    origin = Origin(told["data"], told["data_fingerprint"], told["patients_by"])
    calibration = Calibration(scores, patients)
    return Replaced(
        float(told["threshold"]),
        dict(told["rule"]),
        origin,
        told["normocyte"],
        told["guarantee"],
        calibration,
    )
