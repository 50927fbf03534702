"""The average precision, at the set's own prevalence or at another one."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Floats
from normocyte.metrics.contract import TableRow
from normocyte.metrics.families.ranking import Ranking
from normocyte.metrics.support.sweep import Sweep, ratio


@final
@dataclass
class AveragePrecision(Ranking):
    """The mean of the precision over the steps of the recall, without interpolation.

    With `prevalence` both classes are weighted anew within each resample.
    """

    rows: ClassVar[tuple[TableRow, ...]] = (
        TableRow("average_precision", "average precision, at the set's own prevalence"),
        *(
            TableRow(
                f"average_precision_{percent}",
                f"average precision at {percent} % prevalence",
                {"prevalence": percent / 100},
                is_main=percent == 1,
                short="AP at 1 %" if percent == 1 else "",
            )
            for percent in (1, 3, 5)
        ),
    )
    order: ClassVar[int] = 3

    prevalence: float = described(0.0, "share of anomalous cells; 0 for the set's own", at_least=0, below=1)

    def of_sweep(self, counts: Sweep) -> Floats:
        """The sum of precision times the gain in recall, group of ties by group of ties."""
        recall = ratio(counts.true_positives, counts.anomalies)
        precision = self._precision(counts)[:, 1:]
        return np.asarray((np.nan_to_num(precision) * np.diff(recall, axis=1)).sum(axis=1))

    def _precision(self, counts: Sweep) -> Floats:
        """The precision at each threshold; the wanted prevalence sets how heavy false positives are."""
        factor = ratio(counts.anomalies, counts.healthy) * self._odds_of_healthy() if self.prevalence else 1.0
        return ratio(counts.true_positives, counts.true_positives + factor * counts.false_positives)

    def _odds_of_healthy(self) -> float:
        return (1 - self.prevalence) / self.prevalence
