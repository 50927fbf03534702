"""The conformal test martingale that bets against "nothing has changed", patient by patient."""

import bisect
from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.seeds import generator
from normocyte.drift.contract import DriftTest, Evidence, Values
from normocyte.drift.support.traits import TRAITS

_STRONGEST = 2


@dataclass
class SimpleJumper(DriftTest):
    """Evidence that may be looked at after every patient, as often as one likes.

    Each patient becomes two numbers, the level and the spread of its cells, and each number a conformal
    p-value among all patients so far. The Simple Jumper (Vovk, Petej, Nouretdinov, Ahlberg, Carlsson &
    Gammerman, *Retrain or not retrain: conformal test martingales for change-point detection*, COPA 2021,
    arXiv:2102.10439) splits its capital evenly over bets e, which a p-value multiplies by 1 + e (p - 1/2),
    and before each patient moves a share `jump_rate` of it evenly to all bets, so that it can change sides.
    The paper bets -1, 0 and 1; -2 and 2 are the boldest that cannot fall below 0.

    The starting capital of 1 is shared by the two numbers. If patients are exchangeable, the capital of a
    number is a martingale, and the chance that either ever reaches 1 / a is at most a (Ville's inequality for
    each, their sum for both).
    """

    jump_rate: float = described(0.01, "share of the capital moved each time", at_least=0, at_most=1)
    bets: tuple[float, ...] = described(
        (-2, -1, 0, 1, 2),
        "bets among which the capital is split",
        at_least=-_STRONGEST,
        at_most=_STRONGEST,
        min_items=1,
    )

    def wealth(self, reference: Values, stream: Values) -> Values:
        """The capital of each trait after each patient, (t, traits)."""
        accounts = []
        for name, trait in TRAITS.items():
            rng = generator(self.seed, "ties", name)
            accounts.append(self._capital(online_p_values(trait(reference), trait(stream), rng)))
        return np.stack(accounts, axis=1) / len(TRAITS)

    def measure(self, reference: Values, stream: Values) -> Evidence:
        most = float(self.wealth(reference, stream).max())
        return Evidence(most, min(1.0, 1 / most) if most > 0 else 1.0)

    def guarantee(self) -> str:
        return (
            "If patients are exchangeable, a p-value below 5 % ever comes up in at most 5 % of streams, "
            "however often and however long one looks."
        )

    def _capital(self, p_values: Values) -> Values:
        """What a capital of 1 becomes after each p-value, (t,)."""
        bets = np.asarray(self.bets, np.float64)
        capital = np.full(len(bets), 1 / len(bets))
        sums = np.empty(len(p_values))
        for index, p_value in enumerate(p_values):
            capital = (1 - self.jump_rate) * capital + self.jump_rate * capital.sum() / len(bets)
            capital *= 1 + bets * (p_value - 0.5)
            sums[index] = capital.sum()
        return sums


def online_p_values(reference: Values, stream: Values, draw: np.random.Generator) -> Values:
    """The share of all numbers so far that are larger than each new one, (t,) in (0, 1); chance breaks ties.

    The n-th number of all, reference (k,) before stream (t,), gets (#{larger} + U * #{equal}) / n among the
    first n, itself included, U uniform. If all numbers are exchangeable, these p-values are independent and
    uniform, exactly (Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2005).
    Comparing each new number with the reference alone would make them dependent.
    """
    known = sorted(reference.tolist())
    p_values = np.empty(len(stream))
    for index, (value, chance) in enumerate(zip(stream.tolist(), draw.random(len(stream)), strict=True)):
        left, right = bisect.bisect_left(known, value), bisect.bisect_right(known, value)
        larger, equal = len(known) - right, right - left + 1
        p_values[index] = (larger + chance * equal) / (len(known) + 1)
        known.insert(right, value)
    return p_values
