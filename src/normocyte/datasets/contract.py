"""The contract of a data set."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from normocyte.core.fields import Declared
from normocyte.core.types import Record


@dataclass
class Dataset(Declared, ABC):
    """Fields say where the images are; `records` says which they are.

    A new data set is one file with one class like this. It knows paths, labels and patients, never pixels.
    """

    @abstractmethod
    def records(self) -> list[Record]:
        """Every image of the set, sorted by source; DatasetError when the set cannot be used.

        Label 0 is healthy, 1 an anomaly. Every record names its patient: a set in which patients cannot be
        told apart is refused with the first names that are at fault, never silently shortened.
        """

    def left_out(self) -> tuple[str, ...]:
        """Sentences on the files that lie there and are in no record; none where there are no such files."""
        return ()

    def doubtful(self) -> frozenset[str]:
        """Stems of file names whose label experts doubted; empty when nobody said so."""
        return frozenset()
