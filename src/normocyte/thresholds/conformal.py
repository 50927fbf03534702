"""The split-conformal threshold, refused where the calibration cells cannot support its rate."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import TrainingError
from normocyte.core.fields import described
from normocyte.core.messages import Figure, deferred
from normocyte.core.percent import percent
from normocyte.core.seeds import generator
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold, conformal_p_values, rate
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients

_ROUNDING = 1e-9
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((30, np.uint64(0xBF58476D1CE4E5B9)), (27, np.uint64(0x94D049BB133111EB)))


@dataclass
class Conformal(Threshold):
    """Flags a score whose conformal p-value, (1 + scores at least as high) / (n + 1), is within the rate.

    Bates, Candès, Lei, Romano & Sesia, Annals of Statistics 51 (2023) 149, equation 3. It is `quantile`, but
    with n < 1 / rate - 1 cells, where no p-value reaches the rate, it raises TrainingError instead of taking
    the largest score. Equal scores get equal p-values, the larger possible one: valid, and the same each
    time. With `random_ties` a score that equals calibration scores is placed among them at random, so that
    the rate is met where many are equal; the random number follows from `seed` and the score alone, so
    that a score has one p-value in every order and company. Cells are taken for exchangeable, whoever's
    they are.
    """

    false_positive_rate: float = rate(0.01)
    random_ties: bool = described(False, "place a score among equal calibration scores at random")
    seed: int = described(0, "seed of the random numbers", at_least=0)

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:  # noqa: ARG002 - all are healthy
        needed = ceil(1 / self.false_positive_rate - 1 - _ROUNDING)
        if len(scores) < needed:
            raise TrainingError(
                f"conformal needs {needed:,} healthy cells for a false-positive rate of "
                f"{percent(self.false_positive_rate)}, but got {len(scores):,}; ask for a higher rate, or "
                "calibrate on more cells."
            )
        most = floor(self.false_positive_rate * (len(scores) + 1) + _ROUNDING)
        ordered = np.sort(scores)
        cut = ordered[len(scores) - most]
        rank = self._p_values(cut[np.newaxis], ordered)[0] * (len(scores) + 1)
        return float(np.nextafter(cut, -np.inf) if rank < most + 0.5 else cut)

    def p_values(
        self,
        scores: Scores,
        calibration: Calibration,
        patients: Names | None = None,  # noqa: ARG002 - whose cells they are does not matter
    ) -> Scores:
        return self._p_values(scores, calibration.scores)

    def _p_values(self, scores: Scores, calibration: Scores) -> Scores:
        """The p-values among rising calibration scores."""
        if not self.random_ties:
            return conformal_p_values(scores, calibration)
        above = len(calibration) - np.searchsorted(calibration, scores, side="right")
        at_least = len(calibration) - np.searchsorted(calibration, scores, side="left")
        before = np.floor(uniform_of(scores, self.seed) * (1 + at_least - above))
        return np.where(np.isnan(scores), np.nan, (1 + above + before) / (len(calibration) + 1))

    def guarantee(self, calibration: Calibration) -> Guarantee:
        smallest = 1 / (len(calibration) + 1)
        return Guarantee(
            deferred(
                "On average, at most {rate} of healthy cells are flagged, if new cells are like the {cells} "
                "that it was calibrated on; that cells of one patient resemble each other is not accounted "
                "for. The smallest p-value that these can give is {smallest}.",
                rate=percent(self.false_positive_rate),
                cells=cells_of_patients(calibration),
                smallest=Figure(f"{smallest:.2g}"),
            ),
            self.false_positive_rate,
        )


def uniform_of(scores: Scores, seed: int) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each score (n,), the same for equal scores and another one for another seed.

    The bits of the score and a key drawn from the seed, mixed by the finaliser of SplitMix64 (Steele, Lea &
    Flood, OOPSLA 2014, 453).
    """
    key = np.uint64(generator(seed, "ties").integers(0, 2**64, dtype=np.uint64))
    bits = (np.asarray(scores, np.float64) + 0.0).view(np.uint64)  # + 0.0: one zero, not two
    mixed = (bits ^ key) + _STEP
    for shift, factor in _MIX:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)
