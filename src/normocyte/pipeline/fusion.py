"""Makes one number of the members' numbers, each judged by what healthy cells give."""

from dataclasses import dataclass, field
from math import log
from typing import ClassVar

import numpy as np

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.fields import Declared, described
from normocyte.core.types import Scores, Table
from normocyte.scores.support.tail import TAIL_SHARE, healthy_grid, with_tail

WAYS = {"sum": np.add, "max": np.maximum}
_NARROWEST = 1e-9


def _nothing() -> Table:
    return np.empty(0)


@dataclass
class Fusion(Declared):
    """Turns each member's score into -log of the share of healthy cells with such a score or a higher one.

    Beyond the healthy 97 % quantile that share falls exponentially with the score. `way`: "sum" adds them
    (Fisher, Statistical Methods for Research Workers, 1925, section 21.1, for members that were independent,
    which these are not: the threshold comes from calibration cells all the same), "max" takes the most
    unusual. `weights`: in a sum, the logarithm of each member is multiplied by its weight; for the most
    unusual, its share is divided by it (Genovese, Roeder and Wasserman, Biometrika 93 (2006) 509), so that
    a member of weight 0.125 decides only where it is 8 times rarer than one of weight 1.
    """

    FEWEST: ClassVar[int] = 20
    way: str = described("sum", "how the members' scores are combined", one_of=tuple(WAYS))
    weights: tuple[float, ...] = described(
        (), "weight of each member, in their order; empty: all alike", above=0, at_most=1
    )
    grid_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)
    spread_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)

    def check_members(self, count: int) -> None:
        """ConfigError where the weights are not one for each of so many members."""
        if self.weights and len(self.weights) != count:
            raise ConfigError(
                f"The ensemble has {count} members and {len(self.weights)} weights; give each member one, or "
                "leave weights out."
            )

    def fit(self, scores: Table) -> None:
        """Learn what is usual from scores of healthy cells, (n, members)."""
        self.check_members(scores.shape[1])
        usable = scores[np.isfinite(scores).all(axis=1)]
        if len(usable) < self.FEWEST:
            raise TrainingError(
                f"An ensemble got {len(usable)} healthy cells with a score from every member; give it at "
                f"least {self.FEWEST}."
            )
        self.grid_ = np.stack([healthy_grid(column) for column in usable.T])
        beyond = [
            column[column > grid[-1]] - grid[-1] for column, grid in zip(usable.T, self.grid_, strict=True)
        ]
        self.spread_ = np.array([max(float(np.mean(far)), _NARROWEST) if len(far) else 1.0 for far in beyond])

    def fuse(self, scores: Table) -> Scores:
        """One number a cell, (n,), of scores (n, members); NaN where a member has none."""
        return np.asarray(WAYS[self.way].reduce(self._weighted(self.rarities(scores)), axis=1), np.float64)

    def _weighted(self, rarities: Table) -> Table:
        if not self.weights:
            return rarities
        weights = np.array(self.weights)
        made = rarities * weights if self.way == "sum" else rarities + np.log(weights / weights.max())
        return np.asarray(made, np.float64)

    def rarities(self, scores: Table) -> Table:
        """-log of the share of healthy cells with such a score or a higher one, (n, members)."""
        if not self.grid_.size:
            raise TrainingError("The ensemble has learnt from no cell yet; fit it before it scores.")
        return np.stack([self._rarity(member, column) for member, column in enumerate(scores.T)], axis=1)

    def level(self, share: float) -> float:
        """The first member's score that this share of healthy cells exceeds, from 0 to 1."""
        grid = self.grid_[0]
        if share >= TAIL_SHARE:
            return float(np.quantile(grid, (1 - share) / (1 - TAIL_SHARE)))
        return float(grid[-1] + self.spread_[0] * log(TAIL_SHARE / max(share, _NARROWEST)))

    def learnt(self) -> dict[str, Table]:
        """What `fit` learnt, as arrays; empty when nothing."""
        return {"grid": self.grid_, "spread": self.spread_} if self.grid_.size else {}

    def restore(self, learnt: dict[str, Table]) -> None:
        """Take back what `learnt` gave."""
        self.grid_, self.spread_ = learnt.get("grid", _nothing()), learnt.get("spread", _nothing())

    def _rarity(self, member: int, scores: Scores) -> Scores:
        grid = self.grid_[member]
        return with_tail(scores, grid, (np.maximum(scores, grid[-1]) - grid[-1]) / self.spread_[member])
