"""The contract of a metric."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import PartError
from normocyte.core.fields import Declared, described
from normocyte.core.own.faults import described_answer
from normocyte.core.registry import part_name
from normocyte.core.types import Estimate, Labels, Names, Scores
from normocyte.metrics.support.bootstrap import Weights, has_both_classes, interval, resampled
from normocyte.metrics.support.checks import check

NOTHING = Estimate(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class TableRow:
    """A row of the tables that a metric fills: its key in `metrics.json`, its title, and the fields it is of.

    `is_main`: it stands on the terminal, too. `short` is its title in a comparison of detectors, where only
    what judges the ranking can stand; empty leaves it out.
    """

    key: str
    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_main: bool = False
    short: str = ""


@dataclass
class Metric(Declared, ABC):
    """Turns scores and labels into one figure with an interval by bootstrap over patients.

    Cells of one patient resemble each other, so whole patients are drawn with replacement (the cluster
    bootstrap: Field & Welsh, J. R. Stat. Soc. B 69, 2007); the interval is the 2.5 to 97.5 % percentile.
    """

    rows: ClassVar[tuple[TableRow, ...]] = ()
    order: ClassVar[int] = 100
    """Where its rows stand in the tables: a lower one comes first, equal ones by name."""

    resamples: int = described(500, "how often the patients are resampled for the interval", at_least=1)
    seed: int = described(0, "seed of the random numbers", at_least=0)

    @abstractmethod
    def points(self, scores: Scores, labels: Labels, weights: Weights) -> npt.NDArray[np.float64]:
        """The figure under each row of weights, (resamples,); NaN where undefined (e.g. none flagged)."""

    def measure(self, scores: Scores, labels: Labels, patients: Names) -> Estimate:
        """The figure with its 95 % interval from scores (n,), labels (n,) of 0 and 1 and patient names (n,).

        All three are NaN when one class is missing or the figure is undefined; the interval alone is NaN when
        all cells are of one patient. Resamples that lack a class are left out. DatasetError for a NaN score.
        """
        check(scores, labels, patients)
        value = self._defined(scores, labels, np.ones((1, len(scores))))
        if not value.size:
            return NOTHING
        draws = [
            self._defined(scores, labels, rows) for rows in resampled(patients, self.resamples, self.seed)
        ]
        return interval(float(value[0]), np.concatenate(draws or [np.empty(0)]))

    def _defined(self, scores: Scores, labels: Labels, weights: Weights) -> npt.NDArray[np.float64]:
        """The figures of those rows of weights that hold both classes and define a figure, (rows,)."""
        weights = weights[has_both_classes(labels, weights)]
        if not len(weights):
            return np.empty(0)
        points = self.points(scores, labels, weights)
        if np.shape(points) != (len(weights),):
            raise PartError(
                f"The metric '{part_name(self)}' gave {described_answer(points)}; give an array of "
                f"{len(weights)} figures, one for each row of weights."
            )
        return points[~np.isnan(points)]
