"""The sentences on top of the page and the meaning of its words."""

import numpy as np

from normocyte.core.types import ANOMALY, HEALTHY, Estimate
from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import KeyNumber
from normocyte.results.evaluation import AUROC, SENSITIVITY, Contents
from normocyte.wording.articles import a

GUESSING = 0.5
"""The AUROC of a score that knows nothing."""


def verdict(contents: Contents) -> str:
    """How good the detector is, in one sentence with the key numbers."""
    ranking, few = _ranking(contents), _at_few_alarms(contents)
    return f"{ranking}{few}."


def at_the_cut(contents: Contents) -> str:
    """What the threshold flags, and how the detector beside it does."""
    return f"{_at_its_cut(contents)} {_beside(contents)}".strip()


def key_numbers(contents: Contents) -> list[KeyNumber]:
    """The numbers that a reader looks for first."""
    found, wrong = _flagged(contents, ANOMALY), _flagged(contents, HEALTHY)
    auroc, sensitivity = contents.first(AUROC), contents.first(SENSITIVITY)
    return [
        KeyNumber(formatting.figure(auroc.value), "AUROC", formatting.span(auroc)),
        KeyNumber(
            formatting.figure(sensitivity.value),
            "sensitivity at 99 % specificity",
            formatting.span(sensitivity),
        ),
        KeyNumber(
            formatting.percent(_share(found)),
            f"of {contents.anomaly} {contents.unit}s flagged at the threshold",
            _of(found),
        ),
        KeyNumber(
            formatting.percent(_share(wrong)),
            f"of healthy {contents.unit}s flagged at the threshold",
            _of(wrong),
        ),
    ]


def rule_in_use(contents: Contents) -> str:
    """Which rule set the threshold, and whether it saw labels."""
    rows = [row for row in contents.thresholds if row.is_in_use]
    if not rows:
        return ""
    return f"{rows[0].rule}, {'tuned with labels' if rows[0].uses_labels else 'no labels used'}"


def _ranking(contents: Contents) -> str:
    auroc = contents.first(AUROC)
    if not np.isfinite(auroc.value):
        things = f"{contents.unit}s"
        return f"How well the detector ranks is not known, because the test {things} are not of both kinds"
    return (
        f"Trained on healthy {contents.unit}s alone, {contents.detectors[0]} scores {a(contents.anomaly)} "
        f"{contents.anomaly} {contents.unit} above a healthy one {100 * auroc.value:.1f} times in 100 "
        f"(AUROC {with_span(auroc)}){_against_chance(contents, auroc)}"
    )


def _against_chance(contents: Contents, auroc: Estimate) -> str:
    """What an AUROC at or below that of guessing is, in words; nothing for a better one."""
    if auroc.high < GUESSING:
        return (
            f", which is worse than guessing: {contents.anomaly} {contents.unit}s score lower than "
            "healthy ones, so it does not measure what makes them differ"
        )
    if auroc.value <= GUESSING or auroc.low < GUESSING:
        return ", which is not better than guessing"
    return ""


def _at_few_alarms(contents: Contents) -> str:
    sensitivity = contents.first(SENSITIVITY)
    if not np.isfinite(sensitivity.value):
        return ""
    return (
        f", and finds {formatting.percent(sensitivity.value)} of the {contents.anomaly} {contents.unit}s "
        f"where 1 healthy {contents.unit} in 100 may be flagged"
    )


def _at_its_cut(contents: Contents) -> str:
    found, wrong = _share(_flagged(contents, ANOMALY)), _share(_flagged(contents, HEALTHY))
    if not np.isfinite(contents.threshold):
        return "No threshold has been chosen."
    rule = rule_in_use(contents)
    return (
        f"At its threshold of {formatting.score(contents.threshold)}{f' ({rule})' if rule else ''} it flags "
        f"{formatting.percent(found)} of the {contents.anomaly} and {formatting.percent(wrong)} of the "
        f"healthy {contents.unit}s."
    )


def _beside(contents: Contents) -> str:
    own = contents.first(AUROC).value
    row = next((row for row in contents.metrics if row.key == AUROC), None)
    if row is None or len(row.all_labels) < 2 or not np.isfinite(own):  # noqa: PLR2004 - one beside it
        return ""
    other = formatting.figure(row.all_labels[1].value)
    return f"For comparison, {contents.detectors[1]} reaches AUROC {other}{_apart(contents.ahead)}."


def _apart(ahead: Estimate) -> str:
    """Which of two detectors is better, and whether chance could explain it; nothing where nobody knows."""
    if not np.isfinite(ahead.low):
        return ", and whether chance could explain the difference is not known"
    span = f"95 % interval {formatting.signed(ahead.low)} to {formatting.signed(ahead.high)}"
    if ahead.low <= 0 <= ahead.high:
        return f", and chance could explain the difference ({span})"
    better = "is behind" if ahead.value > 0 else "is better here"
    return f" and {better} by {formatting.figure(abs(ahead.value))} ({span})"


def with_span(estimate: Estimate) -> str:
    """The figure, and its interval where there is one."""
    value = formatting.figure(estimate.value)
    if not np.isfinite(estimate.low):
        return value
    return f"{value}, 95 % interval {formatting.figure(estimate.low)} to {formatting.figure(estimate.high)}"


def _flagged(contents: Contents, label: int) -> tuple[int, int]:
    """How many cells of this label are flagged, and how many there are."""
    those = contents.cells.labels == label
    return int(np.sum(contents.cells.flagged & those)), int(np.sum(those))


def _share(counts: tuple[int, int]) -> float:
    return counts[0] / counts[1] if counts[1] else float("nan")


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]:,} of {counts[1]:,}"
