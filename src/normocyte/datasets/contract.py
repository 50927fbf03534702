"""The contract of a data set."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from normocyte.core.errors import ConfigError
from normocyte.core.fields import Declared
from normocyte.core.inputs.sources import Found
from normocyte.core.registry import part_name
from normocyte.core.types import Record
from normocyte.core.words import Words


@dataclass
class Dataset(Declared, ABC):
    """Fields say where the images are; `records` says which they are.

    A new data set is one file with one class like this. It knows paths, labels and patients, never pixels.
    """

    layout: ClassVar[str] = ""
    """What `recognised` looks for, in words: "a folder 'healthy'"."""
    is_general: ClassVar[bool] = False
    """True for a layout that others have as well, so that they are asked first."""

    @classmethod
    def recognised(cls, path: Path, found: Found) -> Self | None:  # noqa: ARG003 - not every set has a layout
        """The data set at a path if the files found there have its layout, else None."""
        return None

    def words(self, records: Sequence[Record]) -> Words:  # noqa: ARG002 - some sets say it by their folders
        """What the images show, as far as the set says it."""
        return Words()

    @abstractmethod
    def records(self) -> list[Record]:
        """Every image of the set, sorted by source; DatasetError when the set cannot be used.

        Label 0 is healthy, 1 an anomaly. Every record names its patient: a set in which patients cannot be
        told apart is refused with the first names that are at fault, never silently shortened.
        """

    def naming(self, patients: str) -> Self:
        """The same set with its patients named by a word or a regular expression: see `support.patients`.

        ConfigError for a set that names them itself.
        """
        raise ConfigError(
            f"The data set {part_name(self)} names its patients itself; leave out `patients` ('{patients}')."
        )

    def left_out(self) -> tuple[str, ...]:
        """Sentences on the files that lie there and are in no record; none where there are no such files."""
        return ()

    def doubtful(self) -> frozenset[str]:
        """Stems of file names whose label experts doubted; empty when nobody said so."""
        return frozenset()
