"""Weakly stained parasites: the fifth of the infected cells with the lowest contrast, no detector asked.

The contrast of a cell is the mean of the six largest values of its chromatin contrast (64 px, blur 1, no
background taken off) inside its mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ImageError
from normocyte.core.types import ANOMALY, HEALTHY, Record, Rows, Sample, Source
from normocyte.images.reading import read
from normocyte.pipeline.member import prepare
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.chromatin_contrast import ChromatinContrast
from normocyte.preprocessing.resize import Resize
from normocyte.reports.comparison import words
from normocyte.results.comparison import Measured
from normocyte.workflows.comparison.figures import MAIN, SeedCells, common_rows, compared_metrics, measured
from studies.kit.common import Lines, markdown
from studies.results.compared import Runs

STEPS = (CellMask(), Resize(size=64), ChromatinContrast(blur=1.0, background=0.0))
LARGEST = 6
SHARE = 0.2
AIM = 0.1
SENSITIVITY = [metric.key for metric, _ in compared_metrics()].index(MAIN)
HEALTHY_CELLS = ("all healthy cells", "undoubted healthy cells")

Contrasts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weak:
    """What was found: the cells of each seed, and for both sets of labels every configuration's figure."""

    names: tuple[str, ...]
    reference: str
    cells: tuple[int, ...]
    highest: tuple[float, ...]
    figures: tuple[tuple[Measured, ...], ...]


def contrast_of(sample: Sample) -> float:
    """The mean of the six largest values that count; NaN when nothing counts."""
    values = sample.pixels[sample.mask > 0].ravel()
    return float(np.sort(values)[-LARGEST:].mean()) if len(values) else float("nan")


def contrasts(records: Sequence[Record], wanted: Rows, known: dict[Source, float]) -> Contrasts:
    """The contrast of the wanted records (n,), NaN for the others and for what cannot be assessed."""
    found = np.full(len(records), np.nan)
    for row in wanted:
        source = records[row].source
        if source not in known:
            known[source] = _contrast_in(source)
        found[row] = known[source]
    return found


def _contrast_in(source: Source) -> float:
    try:
        return contrast_of(prepare(STEPS, read(source)))
    except ImageError:
        return float("nan")


def weakest(values: Contrasts) -> Rows:
    """The rows of the fifth with the lowest contrast, NaN being no candidate."""
    count = round(SHARE * int(np.isfinite(values).sum()))
    return np.sort(np.argsort(values, kind="stable")[:count])


def weak_parasites(
    runs: Runs, records: Sequence[Sequence[Record]], tests: Sequence[SeedCells], reference: str
) -> Weak:
    """The sensitivity at 99 % specificity on the weak fifth of each seed, for both sets of healthy cells."""
    judged = common_rows(list(runs.values()))
    known: dict[Source, float] = {}
    found = [_weak_rows(*given, known) for given in zip(judged, records, tests, strict=True)]
    weak, highest = zip(*found, strict=True)
    place = list(runs).index(reference) if reference in runs else -1
    figures = []
    for is_sure in (False, True):
        rows = [_with_healthy(*given, is_sure) for given in zip(judged, weak, tests, strict=True)]
        measures = measured(list(runs.values()), tests, rows, place, Lines())
        figures.append(tuple(row[SENSITIVITY] for row in measures))
    return Weak(tuple(runs), reference, tuple(map(len, weak)), highest, tuple(figures))


def _weak_rows(
    judged: Rows, records: Sequence[Record], test: SeedCells, known: dict[Source, float]
) -> tuple[Rows, float]:
    """The weak fifth of the undoubted infected cells of one seed, and the highest contrast in it."""
    sure = judged[(test.labels[judged] == ANOMALY) & ~test.doubtful[judged]]
    values = contrasts(records, sure, known)
    rows = weakest(values)
    return rows, float(values[rows].max(initial=0.0))


def _with_healthy(judged: Rows, weak: Rows, test: SeedCells, is_sure: bool) -> Rows:
    """The weak cells and the healthy ones on which the cut is found."""
    left_out = test.doubtful[judged] if is_sure else np.zeros(len(judged), np.bool_)
    return np.union1d(judged[(test.labels[judged] == HEALTHY) & ~left_out], weak)


def weak_table(weak: Weak) -> str:
    """Every configuration with its figures, and how they differ from the reference."""
    columns = (
        "configuration",
        *(head for where in HEALTHY_CELLS for head in (f"threshold on {where}", "difference")),
    )
    rows = [
        (name, *_said(all_labels), *_said(undoubted))
        for name, all_labels, undoubted in zip(weak.names, *weak.figures, strict=True)
    ]
    return markdown(columns, rows)


def _said(one: Measured) -> tuple[str, str]:
    """The figure and its difference, bold where it is more than chance."""
    span = words.span(one.estimate)
    value = f"{words.value(one.estimate)} ({span})" if span else words.value(one.estimate)
    if not np.isfinite(one.difference.value):
        return value, "reference"
    said = f"{words.signed(one.difference.value)} ({words.signed_span(one.difference)}, {words.p(one)})"
    return value, f"**{said}**" if one.is_better or one.is_worse else said


def weak_outcome(weak: Weak) -> str:
    """The largest gain over the reference beside what was aimed at, and how much there was to gain."""
    return "\n".join(
        f"- With the threshold on {where}: {_gain(weak, own)}"
        for where, own in zip(HEALTHY_CELLS, weak.figures, strict=True)
    )


def _gain(weak: Weak, figures: Sequence[Measured]) -> str:
    named = zip(figures, weak.names, strict=True)
    others = [(one, name) for one, name in named if np.isfinite(one.difference.value)]
    if not others:
        return "there is nothing to compare."
    best, name = max(others, key=lambda other: other[0].difference.value)
    left = 1 - figures[weak.names.index(weak.reference)].estimate.value
    gained = best.difference.value
    verdict = "reached" if gained >= AIM else "not reached"
    sure = "more than chance" if best.is_better else "chance would explain it"
    return (
        f"the largest difference from `{weak.reference}` is that of `{name}`, {100 * gained:+.1f} points "
        f"({sure}); the aim of {100 * AIM:+.0f} points is {verdict}. `{weak.reference}` leaves "
        f"{100 * left:.1f} points to gain."
    )
