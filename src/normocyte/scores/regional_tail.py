"""The most unusual region of the cell, each compared with that region of healthy cells."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import BundleError, TrainingError
from normocyte.core.fields import described
from normocyte.core.types import Maps, Mask, Scores, Table
from normocyte.scores.contract import Learnt, Score
from normocyte.scores.support.counting import flat, mean_of_top, together
from normocyte.scores.support.tail import fitted_tail, negative_log_p, tail_despite

_PLAIN = 1
_FEWEST_CELLS = 20
_FEWEST_PIXELS = 3
_MISSING = -1.0

Present = npt.NDArray[np.bool_]


def _nothing() -> Table:
    return np.empty(0)


@dataclass
class RegionalTail(Score):
    """The largest -log p over the regions that `cell_regions` named: how rare are its darkest pixels.

    The value of a region is the mean of its `top` largest residuals (of all where it has fewer, -1 where it
    has fewer than 3 pixels, and never below -1). Its p-value is the share of healthy cells with such a value
    or a larger one, and beyond their 97 % quantile a Hill tail (Hill, Ann. Statist. 3 (1975) 1163). Where the
    masks name no regions the whole mask is one. `fit` needs 20 healthy cells; fewer than 1,000 give coarse
    tails.

    Name `infected` generously: above 0 the tails are read below that share, so that it has little say.
    """

    top: int = described(6, "largest residuals averaged in each region", unit="pixels", at_least=1)
    infected: float = described(0.0, "infected share of the cells, at most", at_least=0, at_most=0.125)
    regions_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)
    grid_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)
    spread_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)

    @property
    def fewest(self) -> int:
        return _FEWEST_CELLS

    def fit(self, maps: Maps, masks: Mask) -> None:
        highest = int(masks.max(initial=0))
        regions = np.arange(_PLAIN + 1, highest + 1) if highest > _PLAIN else np.array([_PLAIN])
        values, has_any = self._values(maps, masks, regions)
        tails = [self._tail(column) for column in _usable(values[has_any]).T]
        self.regions_ = regions.astype(np.float64)
        self.grid_ = np.stack([grid for grid, _ in tails])
        self.spread_ = np.array([spread for _, spread in tails])

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        if self.regions_.size == 0:
            raise TrainingError(
                f"regional_tail has learnt from no cell yet; give fit at least {_FEWEST_CELLS} maps of "
                "healthy cells before it scores."
            )
        values, has_any = self._values(maps, masks, self.regions_.astype(np.intp))
        rarity = [negative_log_p(*tail) for tail in zip(values.T, self.grid_, self.spread_, strict=True)]
        return np.where(has_any, np.max(rarity, axis=0), np.nan)

    def _tail(self, healthy: Table) -> tuple[Table, float]:
        return tail_despite(self.infected, healthy) if self.infected else fitted_tail(healthy)

    def learnt(self) -> Learnt:
        if self.regions_.size == 0:
            return {}
        return {"regions": self.regions_, "grid": self.grid_, "spread": self.spread_}

    def restore(self, learnt: Learnt) -> None:
        missing = [name for name in ("regions", "grid", "spread") if name not in learnt]
        if missing:
            raise BundleError(
                f"The bundle's calibration lacks {', '.join(missing)} of regional_tail; make it again."
            )
        self.regions_, self.grid_, self.spread_ = learnt["regions"], learnt["grid"], learnt["spread"]

    def _values(self, maps: Maps, masks: Mask, regions: npt.NDArray[np.intp]) -> tuple[Table, Present]:
        """The value of each region, (n, regions), and which images have a pixel in any, (n,)."""
        residuals, names = flat(maps), flat(masks)
        if regions[0] == _PLAIN:
            names = (names > 0).view(np.uint8)
        values = np.full((len(maps), len(regions)), _MISSING)
        has_any = np.zeros(len(maps), dtype=np.bool_)
        for column, region in enumerate(regions):
            inside, available = together(residuals, names == region)
            means = mean_of_top(inside, np.minimum(available, self.top))
            values[:, column] = np.where(available < _FEWEST_PIXELS, _MISSING, np.maximum(means, _MISSING))
            has_any |= available > 0
        return values, has_any


def _usable(values: Table) -> Table:
    """The values to learn from, (cells, regions); TrainingError for too few or for what is not a number."""
    if len(values) < _FEWEST_CELLS:
        raise TrainingError(
            f"regional_tail got {len(values)} healthy cells to learn from; give it at least {_FEWEST_CELLS}."
        )
    bad = np.count_nonzero(~np.isfinite(values))
    if bad:
        raise TrainingError(
            f"regional_tail got {bad} region values that are not finite numbers; check the detector."
        )
    return values
