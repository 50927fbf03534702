"""Which peers there are and what each is fitted on; read on both sides, so it needs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEALTHY, SMEAR, LABELLED = "healthy", "smear", "labelled"
"""Fitted on healthy cells of calibration patients, on the very cells that are judged, or on labelled ones."""
PREVALENCES = (1, 3, 5)
RATES = (0.05, 0.01, 0.005)
NO_RATE = (0.0,)
"""For a rule that cannot be asked for a rate."""
LISTED = 0.1
"""The share of healthy cells that a list is asked to hold at most."""
CONFIDENCE = 0.9

NONCONFORM = {
    "nonconform Empirical": "p ≤ rate, `Empirical()`",
    "nonconform ConditionalEmpirical": "p ≤ rate, `ConditionalEmpirical(delta=0.1)`",
    "nonconform fpr_bounds": "`fpr_bounds(confidence=0.9).threshold_for(rate)`",
    "nonconform Probabilistic": "p ≤ rate, `Probabilistic(n_trials=0)`, a kernel density",
    "nonconform weighted": "p ≤ rate, `logistic_weight_estimator()` on the score itself",
}
NONCONFORM_LISTS = {
    "nonconform select bh": "`select(alpha=0.1)`",
    "nonconform select storey": '`select(alpha=0.1, method="storey")`',
    "nonconform select weighted": "`select(alpha=0.1)` with `logistic_weight_estimator()`",
}
PYTHRESH = (
    *("AUCP", "BOOT", "CHAU", "CLF", "COMB", "CPD", "DECOMP", "DSN", "EB", "FGD"),
    *("FILTER", "FWFM", "GAMGMM", "GESD", "HIST", "IQR", "KARCH", "MAD", "MCST", "META"),
    *("MIXMOD", "MOLL", "MTT", "OCSVM", "QMCD", "REGR", "WIND", "YJ", "ZSCORE"),
)
UNABLE = {
    "PyThresh CLUST": "needs pyclustering, which none of PyThresh's extras brings",
    "PyThresh VAE": "trains a network, and needs torch",
}
ANOMALIB = {"anomalib F1, healthy cells only": HEALTHY, "anomalib F1, labelled cells": LABELLED}


@dataclass(frozen=True)
class Given:
    """Scores to be fitted on (n,), their labels and patients (n,), and the asked rate, 0 for none."""

    scores: Any
    labels: Any
    patients: Any
    rate: float


Flags = Callable[[Given, Any], Any]
"""Which test cells are flagged."""


@dataclass(frozen=True)
class Job:
    """The file that runs a rule, its name there, what it is fitted on, the rates that it is asked for."""

    module: str
    rule: str
    kind: str = HEALTHY
    rates: tuple[float, ...] = NO_RATE


def jobs() -> dict[str, Job]:
    """Every peer by its name."""
    found = {name: Job("nonconform", name.split()[1], rates=RATES) for name in NONCONFORM}
    found |= {name: Job("nonconform", name.split()[2]) for name in NONCONFORM_LISTS}
    found |= {name: Job("anomalib", "F1", kind) for name, kind in ANOMALIB.items()}
    kinds = (HEALTHY, SMEAR)
    return found | {
        f"PyThresh {name}, {kind}": Job("pythresh", name, kind) for kind in kinds for name in PYTHRESH
    }
