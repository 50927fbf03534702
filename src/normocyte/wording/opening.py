"""The sentences that a report on a detector opens with: what limits everything that follows."""

from normocyte.core.percent import percent
from normocyte.results.evaluation import AUROC, SENSITIVITY_95, Contents
from normocyte.wording.shortcuts import figure
from normocyte.wording.shortcuts import opening as beside_shortcuts

_GUESSING = 0.5


def opening(contents: Contents) -> tuple[str, ...]:
    """That hardly an anomaly is flagged, and that a shortcut baseline comes close; each where it is so."""
    return tuple(filter(None, (_hardly_flagged(contents), beside_shortcuts(contents.shortcuts))))


def _hardly_flagged(contents: Contents) -> str:
    """What the threshold flags of the anomalies; where the scores rank them well, that it lies too high."""
    if not contents.misses_nearly_all:
        return ""
    said, auroc = f"At its threshold the detector flags {_flagged(contents)}", contents.first(AUROC)
    if not auroc.low > _GUESSING:
        return f"{said}."
    things, found = f"{contents.unit}s", contents.first(SENSITIVITY_95).value
    could = f": one that flags 5 % of the healthy test {things} finds {percent(found)}" if found > 0 else ""
    return (
        f"{said}, although it scores them higher than healthy ones (AUROC {figure(auroc.value)}). The "
        f"threshold is too high for these {things}{could}. Set it again with normocyte calibrate, from more "
        f"healthy {things} or with a higher false-positive rate."
    )


def _flagged(contents: Contents) -> str:
    found, those = contents.found, f"{contents.anomalies:,} {contents.anomaly} test {contents.unit}s"
    if not found:
        return f"none of the {those}"
    share, promised = found / contents.anomalies, contents.agreement.promised
    return (
        f"{found:,} of the {those} ({percent(share)}), where it may flag {percent(promised)} of healthy ones"
    )
