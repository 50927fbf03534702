"""What moving the threshold does to precision, recall and F1."""

import itertools

from matplotlib.figure import Figure

from normocyte.reports.drawing import formatting, theme
from normocyte.reports.evaluation.distribution import axis_of, cut_label
from normocyte.results.evaluation import Contents, ThresholdRow

_DASHES = ("-", "--", ":", "-.", (0, (8, 2)), (0, (1, 4)), (0, (6, 2, 1, 2, 1, 2)), (0, (2, 2)))
"""Enough that no two rules of one colour look alike."""


def lacks(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    is_there = contents.has_anomalies and bool(contents.by_threshold.thresholds.size)
    return "" if is_there else "The curves need scores of both kinds, and these are missing."


def draw(contents: Contents) -> Figure:
    """Three curves against the threshold, and each rule's threshold as an upright line."""
    curves = contents.by_threshold
    figure, axes = theme.new_axes("threshold (a score above it is flagged)", "share", height=4.0)
    axes.plot(curves.thresholds, curves.precision, color=theme.ACCENT, ls=(0, (5, 1.5)), label="precision")
    axes.plot(curves.thresholds, curves.recall, color=theme.GREEN, ls=(0, (1.2, 1.2)), lw=2.2, label="recall")
    axes.plot(curves.thresholds, curves.f1, color=theme.INK, lw=2.2, label="F1")
    dashes_left = {True: itertools.cycle(_DASHES), False: itertools.cycle(_DASHES)}
    for row in contents.thresholds:
        colour = theme.ANOMALOUS if row.uses_labels else theme.HEALTHY
        dashes = next(dashes_left[row.uses_labels])
        name = row.name or row.rule  # its fields stand in the table, and would make the legend too wide
        axes.axvline(row.threshold, color=colour, ls=dashes, lw=1.5, label=cut_label(name, row.threshold))
    axis_of(contents).apply(axes)
    axes.set_ylim(0, 1.02)
    theme.percentages(axes.yaxis)
    theme.legend_below(figure, columns=2)
    return figure


def words(contents: Contents) -> str:
    """What tuning changed, before and after."""
    text = (
        f"A higher threshold flags fewer {contents.unit}s: precision tends to rise, recall can only fall, "
        "and F1 "
        "peaks where they balance."
    )
    before = [row for row in contents.thresholds if not row.uses_labels]
    after = [row for row in contents.thresholds if row.uses_labels]
    if not (before and after):
        return f"{text} {_why_no_tuning(bool(after))}"
    return f"{text} {_change(before[0], after[0])}"


def _change(before: ThresholdRow, after: ThresholdRow) -> str:
    moves = [
        f"{name} from {formatting.percent(old)} to {formatting.percent(new)}"
        for name, old, new in (
            ("precision", before.precision, after.precision),
            ("recall", before.recall, after.recall),
            ("F1", before.f1, after.f1),
        )
    ]
    return (
        f"Tuning with labels ({after.rule}, orange) instead of without them ({before.rule}, blue) "
        f"moves the threshold from {formatting.score(before.threshold)} to "
        f"{formatting.score(after.threshold)}, "
        f"which takes {', '.join(moves[:2])} and {moves[2]}."
    )


def _why_no_tuning(uses_labels: bool) -> str:
    if uses_labels:
        return "Every threshold here was tuned with labels."
    return "No threshold here was tuned with labels, so there is nothing to compare before and after."
