"""The interval of all parasitaemias that the flagged cells do not speak against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from normocyte.core.types import Estimate
from normocyte.smears._base import Estimator
from normocyte.smears._cut import Counts
from normocyte.smears._excess import at_least

_FALSE, _TRUE = 80, 16
_TAIL = 0.025
_HALVINGS = 22


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
        low = _least(lambda share: upper(share) >= _TAIL)
        value = _least(lambda share: (upper(share) + lower(share)) / 2 >= 1 / 2)
        high = _least(lambda share: lower(share) >= 1 - _TAIL)
        return Estimate(value, low, high)


def _tail(counts: Counts, flagged: int) -> Callable[[float], float]:
    """The probability of at least so many flagged cells, by the share of infected cells."""
    false, true = counts.cut.false_rates.thinned(_FALSE), counts.cut.true_rates.thinned(_TRUE)

    def chance(share: float) -> float:
        rates = (1 - share) * false.values[:, None] + share * true.values
        return float(false.weights @ at_least(flagged, counts.total, rates) @ true.weights)

    return chance


def _least(is_reached: Callable[[float], bool]) -> float:
    """The least share from which on a condition holds, 1 where it never does."""
    low, high = 0.0, 1.0
    if is_reached(low):
        return low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high
