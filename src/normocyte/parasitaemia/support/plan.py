"""How many cells must be seen to detect a parasitaemia, and which one so many cells can show."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from normocyte.core.checks import need_share_inside
from normocyte.core.messages import Figure, deferred
from normocyte.core.percent import percent
from normocyte.core.types import Floats
from normocyte.parasitaemia.support.cut import Cut, at_least, critical
from normocyte.parasitaemia.support.patients import Rates

_FALSE, _TRUE = 120, 30
_MOST_CELLS = 2**24
_PRECISION = 1.02


@dataclass(frozen=True)
class Plan:
    """What a test at this level needs to detect, in a new patient, with this probability.

    `level` is the share of healthy smears that are called infected. ConfigError for shares outside (0, 1).
    """

    cut: Cut
    level: float = 0.05
    probability: float = 0.95

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        need_share_inside("level", self.level, 0.05)
        need_share_inside("probability", self.probability, 0.95)

    def chance(self, parasitaemia: float, cells: int) -> float:
        """The probability that a smear of so many cells with this parasitaemia is called infected."""
        need_share_inside("parasitaemia", parasitaemia, 0.01)
        least = critical(self.cut, cells, self.level)
        return self._over(at_least(least, cells, self._flag_rates(parasitaemia)))

    def chance_at_most(self, parasitaemia: float) -> float:
        """The same for ever more cells: what patients' own rates leave of it."""
        need_share_inside("parasitaemia", parasitaemia, 0.01)
        highest = self.cut.false_rates.quantile(1 - self.level)
        return self._over((self._flag_rates(parasitaemia) > highest).astype(np.float64))

    def cells(self, parasitaemia: float) -> int:
        """About the fewest cells that detect this parasitaemia, or 0 where no number of cells does."""
        if self.chance_at_most(parasitaemia) < self.probability:
            return 0
        enough = 1
        while self.chance(parasitaemia, enough) < self.probability:
            enough *= 2
            if enough > _MOST_CELLS:
                return 0
        low = enough // 2
        while enough > low * _PRECISION and enough - low > 1:
            middle = (low + enough) // 2
            is_enough = self.chance(parasitaemia, middle) >= self.probability
            low, enough = (low, middle) if is_enough else (middle, enough)
        return enough

    @cached_property
    def least(self) -> float:
        """The least parasitaemia that any number of cells shows by its count, within 2 %; 1 where none is."""
        low, high = 1e-6, 1.0 - 1e-9
        while high > low * _PRECISION:
            middle = float(np.sqrt(low * high))
            is_seen = self.chance_at_most(middle) >= self.probability
            low, high = (low, middle) if is_seen else (middle, high)
        return high

    def sentence(self, parasitaemia: float) -> str:
        """How many cells it takes, in words that stand alone."""
        cells, known = float(f"{self.cells(parasitaemia):.3g}"), self.cut.is_sensitivity_known
        values = {
            "share": percent(parasitaemia, 3),
            "probability": percent(self.probability, 3),
            "level": percent(self.level, 3),
            "provided": "" if known else deferred(", if every infected cell is flagged"),
        }
        if cells:
            return deferred(
                "About {cells} cells show a parasitaemia of {share} with {probability} probability, at "
                "{level} "
                "false alarms{provided}.",
                cells=Figure(f"{cells:,.0f}"),
                **values,
            )
        return deferred(
            "No number of cells suffices to show a parasitaemia of {share} with {probability} probability, "
            "at "
            "{level} false alarms: patients' own rates differ more than that, or too few calibration "
            "patients "
            "show how they differ. It would be seen in at most {seen} of smears{provided}.",
            seen=Figure(f"{100 * self.chance_at_most(parasitaemia):.0f} %"),
            **values,
        )

    def _flag_rates(self, parasitaemia: float) -> Floats:
        """The share of cells flagged in smears of new patients, (false rates, true rates)."""
        false, true = self._thinned
        return np.asarray((1 - parasitaemia) * false.values[:, None] + parasitaemia * true.values)

    def _over(self, chances: Floats) -> float:
        """The mean over patients of a chance at each pair of rates, (false rates, true rates)."""
        false, true = self._thinned
        return float(false.weights @ chances @ true.weights)

    @cached_property
    def _thinned(self) -> tuple[Rates, Rates]:
        """A patient's rates of false and of true flags, few enough to go through all pairs."""
        return self.cut.false_rates.thinned(_FALSE), self.cut.true_rates.thinned(_TRUE)
