"""Decisions on labelled cells by thresholds that were fitted without the patient who is judged."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import TrainingError
from normocyte.core.types import ANOMALY, HEALTHY, Flags, Labels, Names, Scores
from normocyte.thresholds.contract import Threshold

FOLDS = 5
_FEWEST = 2

Folds = npt.NDArray[np.intp]


def nested_decisions(rule: Threshold, scores: Scores, labels: Labels, patients: Names, folds: Folds) -> Flags:
    """Which scores (n,) a threshold fitted on the other folds' patients flags, (n,) bool.

    `rule` uses labels and need not be fitted; it stays as it is. Counted together over all folds, not
    averaged, the decisions give a precision, recall and F1 that did not see what they were fitted on: Forman
    & Scholz, SIGKDD Explorations 12 (2010) 49, page 51. Each threshold rests on fewer patients than the
    rule's own.
    """
    flagged = np.zeros(len(scores), np.bool_)
    for fold in np.unique(folds):
        is_judged = folds == fold
        others = ~is_judged
        fresh = replace(rule)
        fresh.fit(scores[others], patients[others], labels[others])
        flagged[is_judged] = fresh.decide(scores[is_judged])
    return flagged


def patient_folds(labels: Labels, patients: Names, rng: np.random.Generator, most: int = FOLDS) -> Folds:
    """The fold of each cell, (n,), from 0 on: whole patients, up to `most` folds, fewer with fewer patients.

    Folds differ by at most one patient, also in how many have anomalies only, both or healthy cells only; and
    without any one fold, both kinds of cells are left to fit on. TrainingError where that cannot be, because
    fewer than two patients have cells of a kind.
    """
    names, owner = np.unique(patients, return_inverse=True)
    has_anomalies, has_healthy = (
        np.bincount(owner, weights=labels == kind, minlength=len(names)) > 0 for kind in (ANOMALY, HEALTHY)
    )
    _check(int(has_anomalies.sum()), int(has_healthy.sum()))
    shuffled = rng.permutation(len(names))
    # Anomalies only, both, healthy only: patients with a kind stand together, so two of them are never dealt
    # to one fold alone.
    kind = np.where(has_anomalies, np.where(has_healthy, 1, 0), 2)
    dealt = shuffled[np.argsort(kind[shuffled], kind="stable")]
    fold = np.empty(len(names), np.intp)
    fold[dealt] = np.arange(len(names)) % min(most, len(names))
    return fold[owner]


def _check(with_anomalies: int, with_healthy: int) -> None:
    if min(with_anomalies, with_healthy) < _FEWEST:
        raise TrainingError(
            f"Judging tuning patients by a threshold that they had no part in needs {_FEWEST} patients with "
            f"anomalous and {_FEWEST} with healthy cells, but there are {with_anomalies} and {with_healthy}; "
            "give tuning a larger share in [split]."
        )
