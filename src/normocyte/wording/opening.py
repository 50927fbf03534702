"""The sentences that a report on a detector opens with: what limits everything that follows."""

import numpy as np

from normocyte.core.percent import percent
from normocyte.core.types import ANOMALY
from normocyte.results.evaluation import AUROC, SENSITIVITY_95, Contents
from normocyte.wording.shortcuts import figure
from normocyte.wording.shortcuts import opening as beside_shortcuts

_GUESSING = 0.5


def opening(contents: Contents) -> tuple[str, ...]:
    """That no anomaly is flagged, and that a shortcut baseline comes close; each where it is so."""
    return tuple(filter(None, (_nothing_flagged(contents), beside_shortcuts(contents.shortcuts))))


def _nothing_flagged(contents: Contents) -> str:
    """That the threshold flags no anomaly; and where the scores rank them well, that it lies too high."""
    if not contents.flags_no_anomaly:
        return ""
    things = f"{contents.unit}s"
    anomalies = int(np.sum(contents.cells.labels == ANOMALY))
    said = f"At its threshold the detector flags none of the {anomalies:,} {contents.anomaly} test {things}"
    auroc, found = contents.first(AUROC), contents.first(SENSITIVITY_95).value
    if not auroc.low > _GUESSING:
        return f"{said}."
    could = f": one that flags 5 % of the healthy test {things} finds {percent(found)}" if found > 0 else ""
    return (
        f"{said}, although it scores them higher than healthy ones (AUROC {figure(auroc.value)}). The "
        f"threshold is too high for these {things}{could}. Set it again with normocyte calibrate, from more "
        f"healthy {things} or with a higher false-positive rate."
    )
