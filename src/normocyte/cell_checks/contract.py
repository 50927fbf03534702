"""The contract of a check."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.fields import Declared
from normocyte.core.types import Table


@dataclass(frozen=True, slots=True)
class Measure:
    """One positive number that a check takes of every picture, and what it means beyond the healthy range.

    `too_low` and `too_high` go on after "unlike the healthy cells of the training: "; a side that has no such
    words is not limited. `least_ratio` is the smallest ratio to the median that matters: healthy cells that
    are all alike do not make the range narrower. Above the median the range is `room_above` times as wide,
    where a parasite drives the number up: to judge that is the detector's work. `is_watched`: a change of it
    over time says that lamp, focus or stain have changed, which `normocyte monitor` looks for.
    `too_low_compressed` stands in the place of `too_low` where the picture shows lossy compression.
    `offset` is added before the logarithm is taken: differences of a measure that are much smaller do not
    matter.
    """

    name: str
    too_low: str
    too_high: str
    least_ratio: float
    room_above: float = 1.0
    is_watched: bool = False
    too_low_compressed: str = ""
    offset: float = 1e-3


@dataclass
class Check(Declared, ABC):
    """Measures pictures; fields are its parameters. The healthy ranges are learnt by the gate.

    A measure is a finite number, 0 or above, of any picture at all, and does not depend on other pictures.
    `is_general`: it makes sense of images of any kind, not of single cells alone.

    A check whose measure compares a picture with what is usual gives what it compares as `columns` of its
    own, learns from those of healthy images what is usual, and makes its measures of both in `compared`.
    """

    is_general: ClassVar[bool] = False

    @property
    @abstractmethod
    def measures(self) -> tuple[Measure, ...]:
        """What is measured, in the order of the columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what `measure` gives; those of the measures but for a check that compares."""
        return tuple(measure.name for measure in self.measures)

    @abstractmethod
    def measure(self, thumbnails: Thumbnails) -> Table:
        """Every column of every picture, (n, columns) float64."""

    def learn(self, columns: Table) -> Table:
        """Learn from healthy (n, columns) what is usual; gives the measures of each beside the others."""
        return columns

    def compared(self, columns: Table) -> Table:
        """The measures, (n, measures), by what `measure` gave."""
        return columns

    def learnt(self) -> dict[str, Table]:
        """What `learn` learnt, as arrays; empty for a check that compares with nothing."""
        return {}

    def restore(self, learnt: dict[str, Table]) -> None:
        """Take back what `learnt` gave."""
