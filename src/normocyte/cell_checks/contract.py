"""The contract of a check."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

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
    """

    name: str
    too_low: str
    too_high: str
    least_ratio: float
    room_above: float = 1.0
    is_watched: bool = False
    too_low_compressed: str = ""


@dataclass
class Check(Declared, ABC):
    """Measures pictures; fields are its parameters. The healthy ranges are learnt by the gate.

    A measure is a finite number, 0 or above, of any picture at all, and does not depend on other pictures.
    """

    @property
    @abstractmethod
    def measures(self) -> tuple[Measure, ...]:
        """What is measured, in the order of the columns."""

    @abstractmethod
    def measure(self, thumbnails: Thumbnails) -> Table:
        """Every measure of every picture, (n, measures) float64."""
