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


def few_patients(names: Iterable[str], which: str = "The test cells", singly: str = "") -> str:
    """That these cells are of too few patients for intervals over patients; nothing where they are not.

    `singly` is what they are called where each counts for itself, because nobody knows whose they are.
    """
    count = _known(names)
    if not 0 < count < FEW_PATIENTS:
        return ""
    many = f"{count} different ones" if singly else f"of {patients(count)}"
    return (
        f"{which} are {many} only: with fewer than {FEW_PATIENTS}, intervals over {singly or 'patients'} "
        "are too narrow, and p-values too small."
    )


def few_calibrated(names: Iterable[str], things: str = "cells") -> str:
    """That a threshold rests on too few patients; nothing where it does not."""
    count = _known(names)
    if not 0 < count < FEW_PATIENTS:
        return ""
    return (
        f"The calibration {things} are of {patients(count)} only: with fewer than {FEW_PATIENTS}, the share "
        "of false alarms of new patients may be far from what the threshold aims at."
    )
