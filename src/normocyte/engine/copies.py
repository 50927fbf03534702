"""Looks for the pictures that stand more than once in a data set, and for those that are nearly the same."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.progress import Progress
from normocyte.core.types import Image8, Record, Source
from normocyte.datasets.cohort.cohort import Cohort, Copies, copies_among
from normocyte.datasets.cohort.near import NearDuplicates
from normocyte.engine.pool import over_chunks, read_all
from normocyte.images.fingerprints import fingerprint
from normocyte.images.likeness import Looks, look, near_duplicates

TITLE = "Looking for copies"

FindCopies = Callable[[Cohort, Progress], Cohort]
"""Gives a data set with its copies, and may tell them; called once what is cheap to refuse was refused."""


@dataclass(frozen=True)
class Print:
    """What tells one picture from others: the digest of its pixels, and its look, (576,)."""

    digest: str
    look: Looks


def print_of(image: Image8) -> Print:
    """What tells this picture from others."""
    return Print(fingerprint(image), look(image))


def with_copies(cohort: Cohort, progress: Progress) -> Cohort:
    """The data set with its copies and near-duplicates, which are looked for unless they are known."""
    if cohort.has_copies_known:
        return cohort
    progress.begin(TITLE, len(cohort.records))
    sources = [record.source for record in cohort.records]
    found = [one for chunk in over_chunks(_prints, sources, progress) for one in chunk]
    cohort = compared(cohort, [one if isinstance(one, Print) else None for one in found])
    faults = [(at, one) for at, one in zip(sources, found, strict=True) if isinstance(one, str)]
    return replace(cohort, unreadable=tuple(faults))


def compared(cohort: Cohort, prints: Sequence[Print | None]) -> Cohort:
    """The data set, a print for each record: what cannot be read has none, and is no copy of anything."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(prints):
        if own:
            groups[own.digest].append(row)
    images = len(cohort.records)
    same = [[cohort.records[row] for row in rows] for rows in groups.values() if len(rows) > 1]
    copies = copies_among(same, images)
    near = NearDuplicates(images, _near(cohort, copies, prints))
    return replace(
        cohort, copies=copies if cohort.are_patients_known else replace(copies, torn=()), near=near
    )


def _near(cohort: Cohort, copies: Copies, prints: Sequence[Print | None]) -> tuple[tuple[Record, ...], ...]:
    """The groups of records that are nearly the same, of those that count."""
    counted = [
        (record, own.look)
        for record, own in zip(cohort.records, prints, strict=True)
        if own and record.source not in copies.extra
    ]
    if not counted:
        return ()
    groups = near_duplicates(np.stack([own for _, own in counted]))
    return tuple(tuple(counted[row][0] for row in rows) for rows in groups)


def _prints(sources: Sequence[Source]) -> list[Print | str]:
    """The print of each image, or why it cannot be read."""
    images, faults = read_all(sources)
    found = iter([print_of(image) for image in images])
    return [faults[source] if source in faults else next(found) for source in sources]
