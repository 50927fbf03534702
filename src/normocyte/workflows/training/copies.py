"""Finds the pictures that stand more than once in a labelled set, so that each counts once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from normocyte.core.errors import DatasetError
from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Part, Record, Source
from normocyte.datasets.contract import Dataset
from normocyte.datasets.splits.assignment import HEALTHY_PARTS
from normocyte.datasets.splits.split import Split, split
from normocyte.engine.decoding import read_all
from normocyte.engine.pool import over_chunks
from normocyte.images.fingerprints import fingerprint
from normocyte.pipeline.recipe.recipe import Recipe

TITLE = "Looking for copies"


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
        pictures = "is 1 different picture" if left == 1 else f"are {left} different pictures"
        return (
            f"There {pictures} among {len(healthy):,} of healthy cells; the others are copies, or stand with "
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
            f"THE SAME PICTURE UNDER TWO PATIENTS: {_pictures(self.torn)} under more than one patient, such "
            f"as {self.torn[0]}; only the first counts. Check the names of the patients: where they are "
            "wrong, cells of one patient stand on both sides of the split."
        )


def copies_said(copies: int, images: int) -> str:
    """That so many of all images are copies; nothing where there are none."""
    if not copies:
        return ""
    which = "is a copy of another and counts" if copies == 1 else "are copies of others and count"
    return f"{copies:,} of {images:,} images {which} once."


FindCopies = Callable[[Dataset, Progress], Copies]
"""Finds the copies of a set, and may tell them; called once what is cheap to refuse was refused."""


def copies_of(dataset: Dataset, progress: Progress) -> Copies:
    """The copies in a data set, told to nobody."""
    return find_copies(dataset.records(), progress)


def find_copies(records: Sequence[Record], progress: Progress) -> Copies:
    """Decode every image once and compare pixels; what cannot be read is no copy of anything."""
    progress.begin(TITLE, len(records))
    sources = [record.source for record in records]
    prints = [one for chunk in over_chunks(_fingerprints, sources, progress) for one in chunk]
    groups: dict[str, list[Record]] = defaultdict(list)
    for record, own in zip(records, prints, strict=True):
        if own:
            groups[own].append(record)
    return copies_among([group for group in groups.values() if len(group) > 1], len(records))


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


def different(records: Sequence[Record], copies: Copies) -> tuple[Record, ...]:
    """The records that count; DatasetError when they hold no picture for each part that learns."""
    too_few = copies.too_few(records, len(HEALTHY_PARTS))
    if too_few:
        raise DatasetError(too_few)
    return copies.once(records)


def divided(records: Sequence[Record], recipe: Recipe, copies: Copies) -> Split:
    """The split of a recipe; what does not count stands in it as left out. DatasetError as `different`."""
    own = split(different(records, copies), recipe.fractions, recipe.seed, recipe.protocol)
    parts = dict(zip((record.source for record in own.records), own.parts, strict=True))
    return Split(tuple(records), tuple(parts.get(record.source, Part.LEFT_OUT) for record in records))


def _fingerprints(sources: Sequence[Source]) -> list[str]:
    """The fingerprint of the pixels of each image; empty where it cannot be read."""
    images, faults = read_all(sources)
    found = iter([fingerprint(image) for image in images])
    return ["" if source in faults else next(found) for source in sources]


def _example(group: Sequence[Record], differ: str) -> str:
    first = group[0]
    other = next(record for record in group if getattr(record, differ) != getattr(first, differ))
    return f"{first.source} = {other.source}"


def _pictures(places: Sequence[str]) -> str:
    return "1 picture stands" if len(places) == 1 else f"{len(places):,} pictures stand"
