"""Whether the healthy cells that set a threshold score as other healthy cells do."""

from dataclasses import dataclass

NAN = float("nan")

SURPRISING = 0.025
"""A p-value below it is told. There are two, so that fewer than 5 % of reports tell what chance did."""

FEW_DECIDE = 5
"""Where no more scores than these decide, a true false-positive rate of twice the aim is within chance."""


@dataclass(frozen=True, slots=True)
class Between:
    """A share that chance leaves between two bounds in 95 of 100 cases; NaN where that is not known."""

    low: float = NAN
    high: float = NAN


@dataclass(frozen=True, slots=True)
class Agreement:
    """Healthy calibration cells beside healthy test cells; counts are 0 where there is nothing to compare.

    `calibration` and `test` are their numbers, `calibration_groups` and `test_groups` those of the patients,
    or of the groups of near-duplicates, that are exchanged between both for the p-values. `distance` is that
    of Kolmogorov and Smirnov between the two distributions of scores, 0 to 1; `is_higher` says that test
    cells tend to score higher. `flagged` test cells score above the threshold, and `by_chance` is what chance
    allows of that share for a threshold of this rank; NaN for a threshold that was tuned with labels.
    `rank` is the place of the threshold among the calibration scores, 1 being the highest, and `deciding`
    the number of groups that have a score so high; 0 where the threshold is none of these scores. `new_cells`
    is the false-positive rate that a threshold of this rank has among new healthy cells.
    """

    calibration: int = 0
    test: int = 0
    calibration_groups: int = 0
    test_groups: int = 0
    distance: float = NAN
    distance_p_value: float = NAN
    is_higher: bool = False
    flagged: int = 0
    promised: float = NAN
    by_chance: Between = Between()
    rate_p_value: float = NAN
    rank: int = 0
    deciding: int = 0
    new_cells: Between = Between()

    @property
    def rate(self) -> float:
        """The share of healthy test cells that are flagged; NaN without any."""
        return self.flagged / self.test if self.test else NAN

    @property
    def scores_differ(self) -> bool:
        """The two distributions of scores differ by more than chance."""
        return self.distance_p_value < SURPRISING

    @property
    def rate_differs(self) -> bool:
        """More or fewer test cells are flagged than chance allows."""
        return self.rate_p_value < SURPRISING

    @property
    def few_decide(self) -> bool:
        """One or a few calibration cells, or those of as few patients, decide where the threshold lies."""
        return 0 < self.deciding <= FEW_DECIDE
