"""The threshold whose false-positive rate is bounded with confidence over calibration patients."""

from dataclasses import dataclass
from math import ceil, log

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.fields import described
from normocyte.core.messages import deferred
from normocyte.core.percent import percent
from normocyte.core.types import Floats, Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, rate
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients
from normocyte.thresholds.support.conditional import BOUNDS, adjusted, cells_needed

PATIENTS, CELLS = "patients", "cells"
_MOST_CUTS = 400
_FEWEST_PATIENTS = 10
_DIFFERENCE = 0.25
"""How far the stand-ins for patients differ, the standard deviation of a log-normal factor: at this value
such numbers are refused as every fifth draw of the NIH patients is with its own scores."""
_PATIENTS_TRIED = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500)


@dataclass
class CalibrationConditional(Threshold):
    """The lowest threshold down to which an upper bound on the false-positive rate stays within the rate.

    From the highest threshold downwards each is tested at level delta, and the first failure ends it (fixed
    sequence, Angelopoulos et al., Learn then Test, arXiv:2110.01052), so that with confidence 1 - delta over
    the draw of the calibration cells the rate holds for the cells to come. `bound`: "patients" counts each
    patient as one and allows for its cells being alike: the Clopper-Pearson bound at the effective sample
    size (Korn & Graubard, Survey Methodology 24 (1998) 193), approximate, from 10 patients on,
    and too low where a few rare patients carry most of the rate. "cells" is
    the plain Clopper-Pearson bound, exact if all cells were independent, which those of one patient are not.
    Verdicts follow the threshold; p-values are the plain conformal ones.

    "simes", "dkw" and "monte_carlo" take all cells for independent too, and hold for every threshold at once:
    with confidence 1 - delta, for all rates, at most that share of healthy cells has a p-value within the
    rate. The p-value at which j - 1 calibration cells score as high or higher is b_j, no longer j / (n + 1)
    (Bates, Candès, Lei, Romano & Sesia, Annals of Statistics 51 (2023) 149, section 3), and the threshold
    flags what is within the rate. "dkw" needs the most cells for small rates. TrainingError where so few
    cells or patients cannot support the rate.
    """

    false_positive_rate: float = rate(0.01)
    delta: float = described(0.1, "how often the bound may fail", above=0, below=0.5)
    bound: str = described(PATIENTS, "which bound on the rate", one_of=(PATIENTS, CELLS, *BOUNDS))

    @property
    def counts_patients(self) -> bool:
        return self.bound == PATIENTS

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        calibration = Calibration.of(scores, patients)
        if self.bound in BOUNDS:
            return self._cut_of_p_values(calibration)
        if self.bound == PATIENTS and calibration.patient_count < _FEWEST_PATIENTS:
            raise TrainingError(
                f"calibration_conditional needs {_FEWEST_PATIENTS} patients to see how they differ, but got "
                f"{cells_of_patients(calibration)}; calibrate on more, or take the rule quantile "
                f"or bound = {CELLS!r}, which ignore that cells of one patient resemble each other."
            )
        cuts = self._cuts(calibration)
        is_within = self._bounds(calibration, cuts) <= self.false_positive_rate
        held = len(cuts) if is_within.all() else int(np.argmin(is_within))
        if held == 0:
            raise TrainingError(self._too_few(calibration))
        return float(cuts[held - 1])

    def _cut_of_p_values(self, calibration: Calibration) -> float:
        """The lowest calibration score above which every p-value is within the rate."""
        held = int(np.searchsorted(self._adjusted(calibration), self.false_positive_rate, side="right"))
        if held == 0:
            raise TrainingError(self._too_few(calibration))
        return float(calibration.scores[len(calibration) - held])

    def _adjusted(self, calibration: Calibration) -> Floats:
        return adjusted(self.bound, len(calibration), self.delta)

    def p_values(self, scores: Scores, calibration: Calibration, patients: Names | None = None) -> Scores:
        if self.bound not in BOUNDS:
            return super().p_values(scores, calibration, patients)
        below = np.searchsorted(calibration.scores, scores, side="left")
        p_values = self._adjusted(calibration)[len(calibration) - below]
        return np.where(np.isnan(scores), np.nan, p_values)

    def _cuts(self, calibration: Calibration) -> Scores:
        """The thresholds to try, from the largest calibration score downwards."""
        cells = len(calibration)
        most = min(cells, ceil(2 * self.false_positive_rate * cells) + 1)
        ranks = np.unique(np.geomspace(1, most, _MOST_CUTS).astype(int))
        return np.unique(calibration.scores[cells - ranks])[::-1]

    def _bounds(self, calibration: Calibration, cuts: Scores) -> Floats:
        """The upper confidence bound on the false-positive rate of each threshold."""
        if self.bound == CELLS:
            above = len(calibration) - np.searchsorted(calibration.scores, cuts, side="right")
            return _clopper_pearson(
                above.astype(np.float64), np.full(len(cuts), float(len(calibration))), self.delta
            )
        rates = calibration.rates_above(cuts)
        return _korn_graubard(rates, len(calibration), self.delta)

    def _stand_ins(self, patients: Names) -> Scores:
        """Where patients count they differ, so that most who pass are enough once real scores are there."""
        scores = super()._stand_ins(patients)
        if not self.counts_patients:
            return scores
        from scipy.special import ndtri

        names, codes = np.unique(patients, return_inverse=True)
        ranks = np.random.default_rng(1).permutation(len(names))
        factors = np.exp(_DIFFERENCE * ndtri((ranks + 0.5) / max(len(names), 1)))
        return np.asarray(scores * factors[codes])

    def _too_few(self, calibration: Calibration) -> str:
        stated = f"{percent(self.false_positive_rate)} with {percent(1 - self.delta)} confidence"
        if self.counts_patients:
            return (
                f"calibration_conditional needs {self._enough(calibration)} for a false-positive rate of "
                f"{stated}, but got {cells_of_patients(calibration)}; calibrate on more patients, or ask for "
                "a higher rate."
            )
        needed = ceil(log(self.delta) / log(1 - self.false_positive_rate))
        if self.bound in BOUNDS:
            needed = cells_needed(self.bound, self.false_positive_rate, self.delta)
        return (
            f"calibration_conditional needs {needed:,} healthy cells or more for a false-positive rate of "
            f"{stated} by bound = {self.bound!r}, but got {cells_of_patients(calibration)}; calibrate on "
            "more, or ask for a higher rate."
        )

    def _enough(self, calibration: Calibration) -> str:
        """About how many patients would be enough, in words."""
        given = calibration.known_patient_count
        each = max(1, round(len(calibration) / max(given, 1)))
        for count in _PATIENTS_TRIED:
            if count > given and self._would_do(np.repeat(np.arange(count).astype(np.str_), each)):
                return f"{count} patients or more, with as many cells each,"
        return "many more patients, with more cells each"

    def _would_do(self, patients: Names) -> bool:
        """Whether stand-ins for cells of these patients support the rate."""
        calibration = Calibration.of(self._stand_ins(patients), patients)
        highest = self._cuts(calibration)
        return bool(self._bounds(calibration, highest)[0] <= self.false_positive_rate)

    def guarantee(self, calibration: Calibration) -> Guarantee:
        alike = (
            deferred(
                "the bound allows for cells of one patient resembling each other, approximately, and not for "
                "rare patients far outside the others"
            )
            if self.bound == PATIENTS
            else deferred("that cells of one patient resemble each other is not accounted for")
        )
        if self.bound in BOUNDS:
            alike = deferred("the same holds for its p-values at every rate; {alike}", alike=alike)
        return Guarantee(
            deferred(
                "With {confidence} confidence, at most {rate} of healthy cells are flagged, if new patients "
                "are like those of the {cells} that it was calibrated on; {alike}.",
                confidence=percent(1 - self.delta),
                rate=percent(self.false_positive_rate),
                cells=cells_of_patients(calibration),
                alike=alike,
            ),
            self.false_positive_rate,
            1 - self.delta,
        )


def _clopper_pearson(above: Floats, cells: Floats, delta: float) -> Floats:
    """The upper bound at confidence 1 - delta on a share of which `above` of `cells` were seen."""
    from scipy.special import betaincinv  # only to fit: one verdict does not wait for SciPy

    return np.asarray(betaincinv(above + 1, np.maximum(cells - above, 1e-9), 1 - delta), np.float64)


def _korn_graubard(rates: Floats, cells: int, delta: float) -> Floats:
    """The same for patients' rates (cuts, patients), at the number of independent cells they are worth.

    That number is never above the number of cells nor above what it is at a lower threshold (few cells above
    a threshold say little about how patients differ), and falls by the squared ratio of two of Student's
    quantiles, because the spread between patients is itself estimated.
    """
    from scipy.special import stdtrit

    patients = rates.shape[1]
    mean, variance = rates.mean(axis=1), rates.var(axis=1, ddof=1) / patients
    worth = np.full(len(mean), float(cells))
    seen = (variance > 0) & (mean > 0)
    worth[seen] = np.minimum(cells, mean[seen] * (1 - mean[seen]) / variance[seen])
    worth = np.minimum.accumulate(worth[::-1])[::-1]
    worth *= float(stdtrit(cells - 1, 1 - delta) / stdtrit(patients - 1, 1 - delta)) ** 2
    return _clopper_pearson(mean * worth, worth, delta)
