"""Pieces of the sentences in which a rule says what it states."""

from __future__ import annotations

import numpy as np

from normocyte.core.percent import percent
from normocyte.thresholds.support.calibration import Calibration


def cells_of_patients(calibration: Calibration) -> str:
    """How many calibration cells of how many patients."""
    cells = "1 healthy cell" if len(calibration) == 1 else f"{len(calibration):,} healthy cells"
    if not calibration.are_patients_known:
        return f"{cells} of unknown patients"
    people = "1 patient" if calibration.patient_count == 1 else f"{calibration.patient_count:,} patients"
    return f"{cells} of {people}"


def share_above(calibration: Calibration, cut: float) -> float:
    """The share of calibration cells above a cut; NaN without cells."""
    return float(np.mean(calibration.scores > cut)) if len(calibration) else float("nan")


def no_rate(rule: str, calibration: Calibration, cut: float) -> str:
    """What a rule without a rate can say: what it does to the calibration cells."""
    if not len(calibration):
        return f"{rule} states no error rate."
    above = percent(share_above(calibration, cut))
    return f"{rule} states no error rate; of {cells_of_patients(calibration)}, {above} lie above its cut."
