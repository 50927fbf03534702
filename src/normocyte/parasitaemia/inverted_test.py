"""The interval of all parasitaemias that the flagged cells do not speak against."""

from collections.abc import Callable
from dataclasses import dataclass

from normocyte.core.types import Estimate
from normocyte.parasitaemia.contract import Estimator
from normocyte.parasitaemia.support.cut import Counts, at_least

_FALSE, _TRUE = 60, 12
_TAIL = 0.025
_PRECISION = 1e-6

Chance = Callable[[float], float]


@dataclass
class InvertedTest(Estimator):
    """Every share at which neither so many nor so few flagged cells would be rarer than 2.5 %.

    As Clopper and Pearson's interval (Biometrika 26 (1934) 404), but the number of flagged cells has the
    distribution of a new patient's smear: binomial at a false-positive rate and a sensitivity that are drawn
    as in the beta-binomial model. The estimate is the share at which more and fewer flagged cells would be
    equally frequent. The interval begins above 0 exactly where the test for an excess has p below 2.5 %, but
    for the least p-value that so many calibration patients allow.
    """

    def share(self, counts: Counts) -> Estimate:
        upper, lower = (_tail(counts, flagged) for flagged in (counts.found, counts.found + 1))
        low = _reached(upper, _TAIL)
        value = _reached(lambda share: (upper(share) + lower(share)) / 2, 1 / 2)
        high = _reached(lower, 1 - _TAIL)
        return Estimate(value, low, high)


def _tail(counts: Counts, flagged: int) -> Chance:
    """The probability of at least so many flagged cells, by the share of infected cells."""
    false, true = counts.cut.false_rates.thinned(_FALSE), counts.cut.true_rates.thinned(_TRUE)

    def chance(share: float) -> float:
        rates = (1 - share) * false.values[:, None] + share * true.values
        return float(false.weights @ at_least(flagged, counts.total, rates) @ true.weights)

    return chance


def _reached(chance: Chance, probability: float) -> float:
    """The share at which a rising chance reaches a probability, 0 or 1 where it lies beyond."""
    if chance(0.0) >= probability:
        return 0.0
    if chance(1.0) <= probability:
        return 1.0
    from scipy.optimize import brentq  # takes long to import, and few smears need it

    return float(brentq(lambda share: chance(share) - probability, 0.0, 1.0, xtol=_PRECISION))
