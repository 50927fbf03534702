"""What is known of a stream of patients: the numbers, before they are drawn or put into words."""

import enum
from dataclasses import dataclass

import numpy as np

from normocyte.core.equality import ByValue
from normocyte.core.types import Floats


class Finding(enum.StrEnum):
    """What is said of a stream, from the best to the worst."""

    NONE = "no evidence of drift"
    WATCH = "watch"
    RECALIBRATE = "recalibrate"


@dataclass(frozen=True, slots=True)
class Account:
    """One capital that bets against "nothing has changed": its value after each patient, (patients,)."""

    column: str
    trait: str
    wealth: Floats

    @property
    def name(self) -> str:
        """What it looks at."""
        return (
            f"{self.trait} of the {self.column}s"
            if self.column == "score"
            else f"{self.trait} of {self.column}"
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One column of all stream patients against all calibration patients, by one test."""

    test: str
    column: str
    statistic: float
    p_value: float
    corrected: float


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a cell: the medians of the calibration patients (k,) and of the stream's, (patients,)."""

    name: str
    reference: Floats
    stream: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Monitored(ByValue):
    """Everything about a stream; patients in the order of arrival, those with too few cells left out.

    `rates` are the false-alarm rates of "watch" and of "recalibrate". `careful` is told first of all.
    """

    patients: tuple[str, ...]
    accounts: tuple[Account, ...]
    columns: tuple[Column, ...]
    compared: tuple[Compared, ...]
    rates: tuple[float, float]
    cells: int
    seed: int
    rows: int
    scored: int
    how: str
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    careful: tuple[str, ...] = ()

    @property
    def best(self) -> Account:
        """The account that ever had most."""
        return max(self.accounts, key=lambda account: float(account.wealth.max()))

    @property
    def most(self) -> float:
        """The most that any account ever had."""
        return float(self.best.wealth.max())

    @property
    def finding(self) -> Finding:
        """What is said: by the bar that any account ever reached."""
        watch, recalibrate = (1 / rate for rate in self.rates)
        if self.most >= recalibrate:
            return Finding.RECALIBRATE
        return Finding.WATCH if self.most >= watch else Finding.NONE

    @property
    def first(self) -> tuple[Account, int] | None:
        """The account that was the first to reach the bar of the finding, and after which patient, from 0."""
        if self.finding is Finding.NONE:
            return None
        bar = 1 / self.rates[self.finding is Finding.RECALIBRATE]
        over = [(account, np.flatnonzero(account.wealth >= bar)) for account in self.accounts]
        found = [(account, int(rows[0])) for account, rows in over if len(rows)]
        return min(found, key=lambda pair: pair[1])
