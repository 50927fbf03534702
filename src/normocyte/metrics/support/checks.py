"""What every metric asks of its input."""

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.types import ANOMALY, HEALTHY, Labels, Names, Scores


def check(scores: Scores, labels: Labels, patients: Names) -> None:
    """DatasetError, with all faults, when these cannot be measured."""
    faults = list(_faults(scores, labels, patients))
    if faults:
        raise DatasetError(" ".join(faults))


def _faults(scores: Scores, labels: Labels, patients: Names) -> list[str]:
    found = []
    if not len(scores) == len(labels) == len(patients):
        counts = f"{len(scores)} scores, {len(labels)} labels and {len(patients)} patients"
        found.append(f"Got {counts}; give one label and one patient for each score.")
    missing = int(np.count_nonzero(np.isnan(scores)))
    if missing:
        found.append(f"{missing} of {len(scores)} scores are NaN (not a number); leave those cells out.")
    strange = np.setdiff1d(labels, [HEALTHY, ANOMALY])
    if strange.size:
        found.append(f"A label is {strange[0]}; it must be {HEALTHY} (healthy) or {ANOMALY} (anomaly).")
    return found
