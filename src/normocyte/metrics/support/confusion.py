"""Counts of right and wrong decisions."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from normocyte.core.types import ANOMALY, Labels


class Confusion(NamedTuple):
    """How many cells were rightly and wrongly flagged (positive) and not flagged (negative)."""

    tp: int
    fp: int
    tn: int
    fn: int


def confusion(flagged: npt.NDArray[np.bool_], labels: Labels) -> Confusion:
    """The counts of decisions (n,) against labels (n,)."""
    anomalous = labels == ANOMALY
    kinds = (flagged & anomalous, flagged & ~anomalous, ~flagged & ~anomalous, ~flagged & anomalous)
    return Confusion(*(int(np.count_nonzero(kind)) for kind in kinds))
