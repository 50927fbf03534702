"""Compares detectors over several splits: one draw of patients counts in every split, for every detector.

The statistic is the mean over splits. Patients are drawn once from all splits together, so that a patient
who is tested in two splits, or by two detectors, is drawn for both: what they share cancels out of their
difference (the cluster bootstrap of Field & Welsh, J. R. Stat. Soc. B 69, 2007, in pairs).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.seeds import generator
from normocyte.core.types import Estimate, Floats, Labels, Names, Scores
from normocyte.metrics.families.ranking import Ranking
from normocyte.metrics.support.bootstrap import interval
from normocyte.metrics.support.checks import check
from normocyte.metrics.support.sweep import Falling, Sweep, falling

_FEWEST_PATIENTS = 2
_NUMBERS_A_CHUNK = 2**16


@dataclass(frozen=True, slots=True)
class Cells:
    """The test cells of one split.

    Scores, higher being more anomalous, labels of 0 and 1, and patient names, each (n,).
    """

    scores: Scores
    labels: Labels
    patients: Names

    def __post_init__(self) -> None:
        """DatasetError for what cannot be measured."""
        check(self.scores, self.labels, self.patients)


@dataclass(frozen=True, slots=True)
class Draws:
    """How often each patient is drawn: names (patients,), sorted, and counts (resamples, patients)."""

    patients: Names
    counts: Floats


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure, the mean over splits, and the same under each draw (resamples,).

    NaN where a split lacks a class.
    """

    by_split: tuple[float, ...]
    values: Floats

    @property
    def value(self) -> float:
        """The mean over the splits."""
        return float(np.mean(self.by_split))

    def estimate(self) -> Estimate:
        """The mean with its 95 % interval; all NaN where a split lacks a class."""
        return _estimate(self.value, self.values)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher a figure is than that of the reference, and the two-sided p-value of no difference."""

    estimate: Estimate
    p_value: float


def draw_patients(splits: Sequence[Names], resamples: int, seed: int = 0) -> Draws:
    """Draws with replacement from the patients of all splits together; none for fewer than two patients."""
    names = np.unique(np.concatenate(splits))
    resamples = resamples if len(names) >= _FEWEST_PATIENTS else 0
    even = np.full(len(names), 1.0 / len(names))
    counts = generator(seed, "paired bootstrap").multinomial(len(names), even, size=resamples)
    return Draws(names, counts.astype(np.float64))


def drawn(splits: Sequence[Cells], metrics: Sequence[Ranking], draws: Draws) -> list[Drawn]:
    """Each metric of one detector, averaged over its splits, under each draw of patients."""
    whole = [_figures(cells, metrics, np.ones((1, len(draws.patients))), draws.patients) for cells in splits]
    under = np.mean([_figures(cells, metrics, draws.counts, draws.patients) for cells in splits], axis=0)
    return [
        Drawn(tuple(float(figures[place, 0]) for figures in whole), under[place])
        for place in range(len(metrics))
    ]


def difference(one: Drawn, reference: Drawn) -> Difference:
    """One minus the reference, both under the same draws.

    The p-value is twice the share of draws on the far side of zero, counted with one draw more on each side
    (Davison & Hinkley, Bootstrap Methods and their Application, 1997, section 4.2), so it is never 0.
    """
    value = one.value - reference.value
    draws = one.values - reference.values
    draws = draws[np.isfinite(draws)]
    if not (draws.size and np.isfinite(value)):
        return Difference(_estimate(value, draws), float("nan"))
    tails = (np.count_nonzero(draws <= 0), np.count_nonzero(draws >= 0))
    return Difference(_estimate(value, draws), float(min(1.0, 2 * (1 + min(tails)) / (1 + draws.size))))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for being several; NaN stays NaN, and is not counted.

    Step-down by Holm (A simple sequentially rejective multiple test procedure, Scand. J. Stat. 6, 1979): if
    what lies below 0.05 is claimed, the chance of even one wrong claim among all of them is below 5 %.
    """
    given = np.asarray(p_values, np.float64)
    rows = np.flatnonzero(~np.isnan(given))
    order = rows[np.argsort(given[rows], kind="stable")]
    corrected = given.copy()
    still_open = np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(given[order] * still_open))
    return [float(value) for value in corrected]


def _estimate(value: float, draws: Floats) -> Estimate:
    if not np.isfinite(value):
        return Estimate(*[float("nan")] * 3)
    return interval(value, draws[np.isfinite(draws)])


def _figures(cells: Cells, metrics: Sequence[Ranking], counts: Floats, names: Names) -> Floats:
    """Each metric under each row of counts, (metrics, resamples); NaN where a class is missing."""
    if not len(cells.scores):
        return np.full((len(metrics), len(counts)), np.nan)
    sorted_cells = falling(cells.scores, cells.labels)
    columns = np.searchsorted(names, cells.patients[sorted_cells.order])
    chunks = [
        [np.where(_has_both(swept), metric.of_sweep(swept), np.nan) for metric in metrics]
        for swept in _swept(sorted_cells, counts, columns)
    ]
    return np.concatenate([np.empty((len(metrics), 0)), *chunks], axis=1)


def _swept(cells: Falling, counts: Floats, columns: npt.NDArray[np.intp]) -> Iterator[Sweep]:
    """Sweeps of as many draws at once as stay in the processor's cache."""
    rows = max(1, _NUMBERS_A_CHUNK // len(columns))
    for start in range(0, len(counts), rows):
        yield cells.sweep(counts[start : start + rows, columns])


def _has_both(swept: Sweep) -> npt.NDArray[np.bool_]:
    return np.asarray((swept.anomalies[:, 0] > 0) & (swept.healthy[:, 0] > 0))
