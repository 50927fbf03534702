"""The conformal threshold for a new patient: patients are exchangeable, their cells are not."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.messages import deferred
from normocyte.core.percent import percent
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, rate
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients

_ROUNDING = 1e-9


@dataclass
class HierarchicalConformal(Threshold):
    """Every patient counts as one, however many cells it has, and so does the new one.

    p(s) = (A(s) + own(s)) / (K + 1): A sums, over K calibration patients, the share of a patient's cells that
    score at least s; own is that share among the new patient's own cells, or 1 where they are not known. For
    a random cell of a random new patient P(p <= rate) <= rate, if patients are exchangeable (Dunn, Wasserman
    & Ramdas, JASA 118 (2023) 2491; Lee, Barber & Willett, arXiv:2306.06342); infected cells among a
    patient's own only raise the p-values of the others. The threshold takes own for 1, so that it needs
    1 / rate - 1 patients: 19 for the 5 % that is the default, 99 for 1 %. TrainingError for fewer.
    """

    false_positive_rate: float = rate(0.05)

    @property
    def counts_patients(self) -> bool:
        return True

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        calibration = Calibration.of(scores, patients)
        needed = ceil(1 / self.false_positive_rate - 1 - _ROUNDING)
        if calibration.patient_count < needed:
            raise TrainingError(
                f"hierarchical_conformal needs {needed:,} patients for a false-positive rate of "
                f"{percent(self.false_positive_rate)}, but got {cells_of_patients(calibration)}; ask for a "
                "higher rate, or calibrate on more patients."
            )
        most = self.false_positive_rate * (calibration.patient_count + 1) - 1 + _ROUNDING
        distinct = np.unique(scores)
        above = np.append(calibration.shares_at_least(distinct)[1:], 0.0)
        return float(distinct[np.argmax(above <= most)])

    def p_values(self, scores: Scores, calibration: Calibration, patients: Names | None = None) -> Scores:
        own = np.ones(len(scores)) if patients is None else own_shares(scores, patients)
        p_values = (calibration.shares_at_least(scores) + own) / (calibration.patient_count + 1)
        return np.where(np.isnan(scores), np.nan, np.minimum(p_values, 1.0))

    def guarantee(self, calibration: Calibration) -> Guarantee:
        return Guarantee(
            deferred(
                "On average, at most {rate} of the healthy cells of a new patient are flagged, if patients "
                "are "
                "like those of the {cells} that it was calibrated on; cells of one patient may resemble each "
                "other.",
                rate=percent(self.false_positive_rate),
                cells=cells_of_patients(calibration),
            ),
            self.false_positive_rate,
        )


def own_shares(scores: Scores, patients: Names) -> Scores:
    """For each cell the share of its patient's cells that score at least so high, (n,); NaN for NaN."""
    shares = np.full(len(scores), np.nan)
    rows = np.flatnonzero(~np.isnan(scores))
    codes = np.unique(patients[rows], return_inverse=True)[1].reshape(-1)
    order = np.lexsort((scores[rows], codes))
    cells, own = scores[rows][order], codes[order]
    begins = np.append(True, (np.diff(own) != 0) | (np.diff(cells) != 0))[: len(rows)]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    sizes = np.bincount(own)
    ends = np.cumsum(sizes)[own]
    shares[rows[order]] = (ends - first) / sizes[own]
    return shares
