"""Patients: how many, and that they are too few for what is said over them."""

from collections.abc import Iterable

from normocyte.core.types import UNKNOWN_PATIENT

FEW_PATIENTS = 20
"""From so many patients on, intervals over patients are about as wide as they should be."""

UNKNOWN_SAID = "Patients unknown: intervals may be too narrow."
"""What limits every figure where nobody knows whose the cells are."""


def patients(count: int) -> str:
    """So many patients."""
    return "1 patient" if count == 1 else f"{count} patients"


def _known(names: Iterable[str]) -> int:
    """How many patients are known by name."""
    return len(set(names) - {UNKNOWN_PATIENT})


def few_patients(names: Iterable[str], which: str = "The test cells") -> str:
    """That these cells are of too few patients for intervals over patients; nothing where they are not."""
    count = _known(names)
    if not 0 < count < FEW_PATIENTS:
        return ""
    return (
        f"{which} are of {patients(count)} only: with fewer than {FEW_PATIENTS}, intervals over patients "
        "are too narrow, and p-values too small."
    )


def few_calibrated(names: Iterable[str]) -> str:
    """That a threshold rests on too few patients; nothing where it does not."""
    count = _known(names)
    if not 0 < count < FEW_PATIENTS:
        return ""
    return (
        f"The calibration cells are of {patients(count)} only: with fewer than {FEW_PATIENTS}, the share of "
        "false alarms of new patients may be far from what the threshold aims at."
    )
