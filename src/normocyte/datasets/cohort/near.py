"""Images that are nearly the same: where patients are unknown, a group of them is in one part of a split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from normocyte.core.types import Record, Source


@dataclass(frozen=True)
class NearDuplicates:
    """The records of a set that resemble others closely, in groups of two and more; copies are no part.

    `images` counts those that were looked at.
    """

    images: int = 0
    groups: tuple[tuple[Record, ...], ...] = ()

    @property
    def records(self) -> int:
        """How many images have a near-duplicate."""
        return sum(len(group) for group in self.groups)

    @property
    def torn(self) -> tuple[tuple[Record, ...], ...]:
        """The groups that stand under several patients."""
        return tuple(group for group in self.groups if len({record.patient for record in group}) > 1)

    @cached_property
    def leaders(self) -> dict[Source, Record]:
        """The first record of its group, for each image that is in one."""
        return {record.source: group[0] for group in self.groups for record in group}

    def as_one(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records in their order, all of a group under the patient of its first one."""
        return tuple(
            replace(record, patient=self.leaders.get(record.source, record).patient) for record in records
        )

    def sentence(self, *, are_patients_known: bool) -> str:
        """What is done with them; where patients are known, only what stands under several of them."""
        return self._torn() if are_patients_known else self._kept_together()

    def _kept_together(self) -> str:
        if not self.groups:
            return ""
        groups = "1 group" if len(self.groups) == 1 else f"{len(self.groups):,} groups"
        return (
            f"{self.records:,} of {self.images:,} images are near-duplicates of others, in {groups}; each "
            "group is kept on one side of every split."
        )

    def _torn(self) -> str:
        torn = self.torn
        if not torn:
            return ""
        groups = "1 group is" if len(torn) == 1 else f"{len(torn):,} groups are"
        first = torn[0][0]
        other = next(record for record in torn[0] if record.patient != first.patient)
        return (
            f"NEAR-DUPLICATES UNDER TWO PATIENTS: {groups} under more than one patient, such as "
            f"{first.source} and {other.source}; they may be on both sides of the split. Check the names of "
            "the patients."
        )
