"""A data set that was listed once: every verb of a run takes it, and none lists or splits it again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from normocyte.core.arrays import Flags
from normocyte.core.errors import DatasetError
from normocyte.core.registry import part_name
from normocyte.core.types import Part, Record
from normocyte.datasets.cohort.copies import Copies
from normocyte.datasets.contract import Dataset
from normocyte.datasets.splits.assignment import HEALTHY_PARTS
from normocyte.datasets.splits.split import Fractions, Split, split

_NO_COPIES = Copies()
_Asked = tuple[Fractions, int, str]


@dataclass(frozen=True)
class Cohort:
    """What a data set is called, its records, and what is known of them.

    `doubtful`: the stems of file names whose label experts doubted. `left_out`: sentences on the files that
    are in no record. `copies`: the records that show a picture which stands twice; nothing before somebody
    has looked for them.
    """

    name: str
    records: tuple[Record, ...]
    doubtful: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    copies: Copies = _NO_COPIES
    _splits: dict[_Asked, Split] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, dataset: Dataset) -> Cohort:
        """The data set, listed now; DatasetError when it cannot be used."""
        records = tuple(dataset.records())
        return cls(part_name(dataset), records, dataset.doubtful(), dataset.left_out())

    @cached_property
    def fingerprint(self) -> str:
        """What says "the same data set", see `fingerprint_of`."""
        return fingerprint_of(self.records)

    @property
    def has_copies_known(self) -> bool:
        """True once every image was looked at for copies."""
        return self.copies.images == len(self.records)

    def is_doubtful(self, records: Sequence[Record]) -> Flags:
        """Whose label experts doubted, (n,)."""
        return np.array([Path(record.source.name).stem in self.doubtful for record in records], np.bool_)

    def split(self, fractions: Fractions, seed: int, protocol: str) -> Split:
        """The split by patient, made once for each question; what does not count stands in it as left out.

        DatasetError when the records hold no picture for each part that learns, or too few patients.
        """
        asked = (fractions, seed, protocol)
        if asked not in self._splits:
            self._splits[asked] = self._split(*asked)
        return self._splits[asked]

    def _split(self, fractions: Fractions, seed: int, protocol: str) -> Split:
        too_few = self.copies.too_few(self.records, len(HEALTHY_PARTS))
        if too_few:
            raise DatasetError(too_few)
        own = split(self.copies.once(self.records), fractions, seed, protocol)
        parts = dict(zip((record.source for record in own.records), own.parts, strict=True))
        return Split(self.records, tuple(parts.get(record.source, Part.LEFT_OUT) for record in self.records))


def fingerprint_of(records: Sequence[Record]) -> str:
    """The SHA-256 over file names, labels and patients, wherever the files lie."""
    lines = sorted(f"{record.source.name}\t{record.label}\t{record.patient}" for record in records)
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()
