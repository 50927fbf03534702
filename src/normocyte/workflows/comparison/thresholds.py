"""What the threshold of each run makes of the test cells, which no figure of a comparison depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.percent import percent
from normocyte.core.types import ANOMALY, HEALTHY, Labels, Names, Scores
from normocyte.core.words import numbered
from normocyte.metrics.differences.paired import holm
from normocyte.results.agreement import Agreement
from normocyte.results.codec import codec_for
from normocyte.results.comparison import SURE, Comparison, Row
from normocyte.results.evaluation import AUROC
from normocyte.results.scalars import Json
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.validation.agreement import Healthy, agreement
from normocyte.wording.agreement import flagged_words
from normocyte.wording.shortcuts import figure

_GUESSING = 0.5
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Decided:
    """How many of so many anomalous test cells a threshold flags, and whether it holds for healthy ones."""

    found: int
    anomalies: int
    agreement: Agreement


def decided(
    rule: Threshold, calibration: Healthy, test: tuple[Scores, Labels, Names], seed: int
) -> Decided | None:
    """What a fitted rule makes of test cells: scores, labels and groups; None where it has no threshold."""
    scores, labels, groups = test
    if not np.isfinite(rule.cut):
        return None
    is_healthy = labels == HEALTHY
    agrees = agreement(rule, calibration, Healthy(scores[is_healthy], groups[is_healthy]), seed)
    flagged = rule.decide(scores[labels == ANOMALY])
    return Decided(int(flagged.sum()), len(flagged), agrees)


def written(one: Decided | None) -> Json:
    """The same for JSON."""
    return None if one is None else codec_for(Decided).write(one)


def restored(content: Json) -> Decided | None:
    """What was written; None where there is nothing, as in runs of before."""
    try:
        found = None if content is None else codec_for(Decided).read(content, "threshold")
    except DatasetError:
        return None
    return found if isinstance(found, Decided) else None


def threshold_notes(contents: Comparison, runs: Mapping[str, Sequence[Decided | None]]) -> tuple[str, ...]:
    """Of which configurations the threshold finds hardly an anomaly, and of which it does not hold.

    `runs` has what each configuration decided, by seed. The p-values are corrected for the number of runs.
    """
    known = {name: [one for one in own if one] for name, own in runs.items()}
    return tuple(filter(None, (_hardly_flagging(contents, known), *_not_holding(contents, runs))))


def _hardly_flagging(contents: Comparison, runs: Mapping[str, Sequence[Decided]]) -> str:
    """Which flag no larger share of the anomalies than of healthy cells, though they rank them well."""
    place = [metric.key for metric in contents.metrics].index(AUROC)
    rows = [
        row
        for row in contents.finished
        if row.all_labels[place].estimate.low > _GUESSING and _misses_nearly_all(runs.get(row.name, ()))
    ]
    if not rows:
        return ""
    said = [_flagged(contents, row, runs[row.name], place) for row in rows[:_SHOWN]]
    others = len(rows) - _SHOWN
    more = f" So {'does 1 more' if others == 1 else f'do {others:,} more'}." if others > 0 else ""
    return (
        f"At its own threshold {'; '.join(said)}.{more} Such a threshold is too high for these "
        f"{contents.unit}s; no figure of this comparison depends on it. Set it again with normocyte "
        f"calibrate, from more healthy {contents.unit}s or with a higher false-positive rate."
    )


def _misses_nearly_all(runs: Sequence[Decided]) -> bool:
    """Over all seeds; a rule that was tuned with labels promises nothing."""
    found, anomalies = sum(one.found for one in runs), sum(one.anomalies for one in runs)
    if not anomalies:
        return False
    return not found or found / anomalies <= min(one.agreement.promised for one in runs)


def _flagged(contents: Comparison, row: Row, runs: Sequence[Decided], place: int) -> str:
    """What the threshold of one configuration flags, and how well it ranks."""
    found, anomalies = sum(one.found for one in runs), sum(one.anomalies for one in runs)
    seeds = f" of {len(runs)} seeds" if len(runs) > 1 else ""
    those = f"{anomalies:,} {contents.anomaly} test {contents.unit}s{seeds}"
    auroc = f"its AUROC is {figure(row.all_labels[place].estimate.value)}"
    if not found:
        return f"{row.name} flags none of the {those}, although {auroc}"
    may = percent(min(one.agreement.promised for one in runs))
    return (
        f"{row.name} flags {found:,} of the {those} ({percent(found / anomalies)}), where it may flag {may} "
        f"of healthy ones, although {auroc}"
    )


def _not_holding(contents: Comparison, runs: Mapping[str, Sequence[Decided | None]]) -> list[str]:
    """Which flag another share of healthy cells than chance allows, each with its worst seed."""
    every = [
        (name, seed, one) for name, own in runs.items() for seed, one in enumerate(own) if one is not None
    ]
    corrected = holm([one.agreement.rate_p_value for _, _, one in every])
    worst: dict[str, tuple[float, str]] = {}
    for (name, seed, one), p_value in zip(every, corrected, strict=True):
        if p_value < min(SURE, worst.get(name, (SURE, ""))[0]):
            worst[name] = (p_value, f"with seed {seed} {flagged_words(one.agreement, f'{contents.unit}s')}")
    said = [
        f"The threshold of {name} may not hold for {contents.unit}s like these: {reason}."
        for name, (_, reason) in worst.items()
    ]
    left = len(said) - _SHOWN
    more = [f"Nor may {'that' if left == 1 else 'those'} of {numbered(left, 'more configuration')}."]
    return [*said[:_SHOWN], *(more if left > 0 else [])]
