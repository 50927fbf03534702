"""A data set that was listed once, with the copies in it: none who takes it lists or splits it again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.registry import part_name
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Flags, Part, Record, Source
from normocyte.core.words import IMAGES, NOTHING_SAID, Words
from normocyte.datasets.cohort.near import NearDuplicates
from normocyte.datasets.contract import Dataset
from normocyte.datasets.splits.assignment import HEALTHY_PARTS
from normocyte.datasets.splits.split import Fractions, Split, places, split
from normocyte.datasets.support.patients import UNKNOWN

_NONE_NEAR = NearDuplicates()
_Asked = tuple[Fractions, int, str]


@dataclass(frozen=True)
class Copies:
    """The records of a set that do not count, because another record shows the same picture.

    `extra` are their sources, of `images` in all. `torn` names the pictures that stand under several patients
    and `contradicting` those with both labels, each by the places of its first two images. Of a picture with
    both labels nothing counts.
    """

    images: int = 0
    extra: frozenset[Source] = frozenset()
    torn: tuple[str, ...] = ()
    contradicting: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is wrong and what was dropped, the worst first; none for a set without copies."""
        said = (self._contradicting(), self._torn(), copies_said(len(self.extra), self.images))
        return tuple(filter(None, said))

    def once(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records that count, in their order."""
        return tuple(record for record in records if record.source not in self.extra)

    def too_few(self, records: Sequence[Record], fewest: int) -> str:
        """What to say where copies leave fewer different pictures of healthy cells than that; else empty."""
        healthy = [record for record in records if record.label == HEALTHY]
        left = len(self.once(healthy))
        if left >= min(fewest, len(healthy)):
            return ""
        pictures = "1 different picture" if left == 1 else f"{left} different pictures"
        return (
            f"The {len(healthy):,} healthy cells show only {pictures}; the others are copies, or have "
            f"both labels. Give at least {fewest} different ones, better 100 and more."
        )

    def _contradicting(self) -> str:
        if not self.contradicting:
            return ""
        return (
            f"LABELS CONTRADICT EACH OTHER: {_pictures(self.contradicting)} both as healthy and as anomalous,"
            f" such as {self.contradicting[0]}; none of these images counts. Correct the labels."
        )

    def _torn(self) -> str:
        if not self.torn:
            return ""
        return (
            f"THE SAME IMAGE UNDER TWO PATIENTS: {_pictures(self.torn)} under more than one patient, such "
            f"as {self.torn[0]}; only the first counts. Check the names of the patients: where they are "
            "wrong, cells of one patient are on both sides of the split."
        )


def patients_unknown(words: Words, near: NearDuplicates = _NONE_NEAR) -> str:
    """What it means for every result that nobody knows whose the images are."""
    things = words.or_else(IMAGES).things
    but = ", but near-duplicates together," if near.groups else ","
    return (
        f"Patients unknown: {things} are split and counted each for itself{but} so that intervals may be too "
        "narrow."
    )


def copies_said(copies: int, images: int) -> str:
    """That so many of all images are copies; nothing where there are none."""
    if not copies:
        return ""
    which = "is a copy of another and counts" if copies == 1 else "are copies of others and count"
    return f"{copies:,} of {images:,} images {which} once."


def copies_among(groups: Sequence[Sequence[Record]], images: int) -> Copies:
    """The same of groups of records that show one picture each."""
    extra: set[Source] = set()
    torn, contradicting = [], []
    for group in groups:
        is_contradicting = len({record.label for record in group}) > 1
        extra |= {record.source for record in group[0 if is_contradicting else 1 :]}
        if is_contradicting:
            contradicting.append(_example(group, differ="label"))
        if len({record.patient for record in group}) > 1:
            torn.append(_example(group, differ="patient"))
    return Copies(images, frozenset(extra), tuple(torn), tuple(contradicting))


def _example(group: Sequence[Record], differ: str) -> str:
    first = group[0]
    other = next(record for record in group if getattr(record, differ) != getattr(first, differ))
    return f"{first.source} = {other.source}"


def _pictures(places: Sequence[str]) -> str:
    return "1 image is" if len(places) == 1 else f"{len(places):,} images are"


_NO_COPIES = Copies()


@dataclass(frozen=True)
class Cohort:
    """What a data set is called, its records, and what is known of them.

    `doubtful`: the stems of file names whose label experts doubted. `left_out`: sentences on the files that
    are in no record. `copies`: the records that show a picture which stands twice; nothing before somebody
    has looked for them. `patients_by` says how patients were found where the set does not name them itself;
    where it is "unknown", each record has a patient of its own, which is called as the place of the image.
    `unreadable` are the images that could not be read when copies were looked for, with reasons. `words`
    says what the images show, as far as the set says it.
    """

    name: str
    records: tuple[Record, ...]
    doubtful: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    copies: Copies = _NO_COPIES
    near: NearDuplicates = _NONE_NEAR
    patients_by: str = ""
    words: Words = NOTHING_SAID
    unreadable: tuple[tuple[Source, str], ...] = ()
    _splits: dict[_Asked, Split] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, dataset: Dataset) -> Cohort:
        """The data set, listed now; DatasetError when it cannot be used."""
        records = tuple(dataset.records())
        words = dataset.words(records)
        return cls(part_name(dataset), records, dataset.doubtful(), dataset.left_out(), words=words).told()

    def told(self, patients_by: str = "") -> Cohort:
        """The same set where patients were found so; a record of nobody gets a patient of its own."""
        if not any(record.patient == UNKNOWN_PATIENT for record in self.records):
            return replace(self, patients_by=patients_by)
        named = zip(self.records, places(self.records), strict=True)
        records = tuple(replace(record, patient=place) for record, place in named)
        return replace(self, records=records, patients_by=UNKNOWN)

    @property
    def are_patients_known(self) -> bool:
        """False where it is not known whose the images are."""
        return self.patients_by != UNKNOWN

    @property
    def has_anomalies(self) -> bool:
        """True for a labelled set; one of healthy images alone can be learnt from, but not tested on."""
        return any(record.label == ANOMALY for record in self.records)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong with the set, the worst first."""
        unknown = () if self.are_patients_known else (patients_unknown(self.words, self.near),)
        near = self.near.sentence(are_patients_known=self.are_patients_known)
        return (*self.copies.sentences, *filter(None, (near,)), *unknown)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a person must know of any result with this set: its warnings, and what was not looked at."""
        return (*self.warnings, *self.left_out)

    @cached_property
    def cells_fingerprint(self) -> str:
        """The same whoever the patients are said to be: SHA-256 over file names and labels."""
        return fingerprint_of([replace(record, patient=UNKNOWN_PATIENT) for record in self.records])

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

    def in_groups(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records, where patients are unknown with one patient for each group of near-duplicates."""
        return tuple(records) if self.are_patients_known else self.near.as_one(records)

    def split(self, fractions: Fractions, seed: int, protocol: str) -> Split:
        """The split by patient, made once for each question; what does not count stands in it as left out.

        Where patients are unknown, near-duplicates stand in one part.
        DatasetError when the records hold no picture for each part that learns, or too few patients.
        """
        asked = (fractions, seed, protocol)
        if asked not in self._splits:
            self._splits[asked] = self._split(*asked)
        return self._splits[asked]

    def _too_few_of_unknown(self) -> str:
        """What to say where cells that are split one by one do not suffice for each part; else empty."""
        if self.are_patients_known:
            return ""
        healthy = [record for record in self.records if record.label == HEALTHY]
        groups = len({record.patient for record in self.in_groups(healthy)})
        fewest = len(HEALTHY_PARTS)
        if len(healthy) < fewest:
            return (
                f"There are {len(healthy)} healthy images, too few to learn from; give at least {fewest}, "
                "better 100."
            )
        if groups < fewest:
            return (
                f"The {len(healthy):,} healthy images are near-duplicates of each other, {groups} different "
                f"ones in all; give at least {fewest} different ones, better 100."
            )
        return ""

    def _split(self, fractions: Fractions, seed: int, protocol: str) -> Split:
        too_few = self.copies.too_few(self.records, len(HEALTHY_PARTS)) or self._too_few_of_unknown()
        if too_few:
            raise DatasetError(too_few)
        shares = fractions if self.has_anomalies else fractions.without_labels()
        own = split(self.in_groups(self.copies.once(self.records)), shares, seed, protocol)
        parts = dict(zip((record.source for record in own.records), own.parts, strict=True))
        return Split(self.records, tuple(parts.get(record.source, Part.LEFT_OUT) for record in self.records))


def _name(source: Source) -> str:
    """The file name; of a slice or a frame that of its file, too: all volumes have the same slices."""
    is_in_zip = not source.member or source.path.suffix.lower() == ".zip"
    return source.name if is_in_zip else f"{source.path.name}/{source.member}"


def fingerprint_of(records: Sequence[Record]) -> str:
    """The SHA-256 over file names, labels and patients, wherever the files lie."""
    lines = sorted(f"{_name(record.source)}\t{record.label}\t{record.patient}" for record in records)
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()
