"""The estimate that takes the false flags off and divides by what the threshold finds."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from normocyte.core.types import Estimate
from normocyte.parasitaemia.contract import Estimator
from normocyte.parasitaemia.support.cut import Counts, Cut
from normocyte.parasitaemia.support.patients import Rates, Tally

_Z = 1.959964
_TAIL = 0.025


@dataclass
class RoganGladen(Estimator):
    """(flag rate - false-positive rate) / (sensitivity - false-positive rate), cut off at 0 and 1.

    (Rogan & Gladen, Am. J. Epidemiol. 107 (1978) 71.) The interval is that of Lang & Reiczigel, Prev. Vet.
    Med. 113 (2014) 13: the normal interval after adding z^2 / 2 flagged of z^2 cells to the smear and one
    of two to each kind of cell with known truth, and a shift. It takes rates for known up to the sampling of
    cells; here their variances are those of a new patient's rates, for each limit on the side that moves it:
    (97.5 % quantile - mean) / z upwards, (mean - 2.5 % quantile) / z downwards. The upper limit is never
    below that of a smear without any flagged cell and a threshold without false flags.
    """

    def share(self, counts: Counts) -> Estimate:
        cut = counts.cut
        value = _corrected(counts.found / counts.total, cut.true_rate, cut.healthy.rate)
        flagged = (counts.found + _Z**2 / 2) / (counts.total + _Z**2)
        own = flagged * (1 - flagged) / (counts.total + _Z**2)
        low, high = (_limit(cut, flagged, own, side) for side in (-1, 1))
        high = max(high, (1 - _TAIL ** (1 / counts.total)) / cut.true_rate)
        return Estimate(*(float(np.clip(one, 0.0, 1.0)) for one in (value, low, high)))


def _corrected(flagged: float, true: float, false: float) -> float:
    return (flagged - false) / (true - false)


def _limit(cut: Cut, flagged: float, own: float, side: int) -> float:
    """The lower (-1) or upper (1) limit: the lower one where both rates of the patient are higher."""
    false = _adjusted(cut.healthy, cut.healthy.rate)
    true = _adjusted(cut.infected, cut.true_rate)
    centre = _corrected(flagged, true, false)
    among_healthy, among_infected = (_variance(one, -side) for one in (cut.false_rates, cut.true_rates))
    error = sqrt(own + centre**2 * among_infected + (1 - centre) ** 2 * among_healthy) / (true - false)
    shift = 2 * _Z**2 * (centre * among_infected - (1 - centre) * among_healthy)
    return centre + shift + side * _Z * error


def _adjusted(tally: Tally, rate: float) -> float:
    """The rate after one flagged cell of two more; the rate itself where it is no estimate."""
    cells = float(np.sum(tally.cells))
    return (rate * cells + 1) / (cells + 2) if len(tally) else rate


def _variance(rates: Rates, side: int) -> float:
    """The squared standard deviation that a new patient's rates have above (1) or below (-1) their mean."""
    far = rates.quantile(1 - _TAIL) if side > 0 else rates.quantile(_TAIL)
    return (max(side * (far - rates.mean), 0.0) / _Z) ** 2
