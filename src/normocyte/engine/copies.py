"""Looks for the pictures that stand more than once in a data set."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from normocyte.core.progress import Progress
from normocyte.core.types import Record, Source
from normocyte.datasets.cohort.cohort import Cohort, Copies, copies_among
from normocyte.engine.pool import over_chunks, read_all
from normocyte.images.fingerprints import fingerprint

TITLE = "Looking for copies"

FindCopies = Callable[[Cohort, Progress], Cohort]
"""Gives a data set with its copies, and may tell them; called once what is cheap to refuse was refused."""


def with_copies(cohort: Cohort, progress: Progress) -> Cohort:
    """The data set with its copies, which are looked for unless they are known."""
    if cohort.has_copies_known:
        return cohort
    copies = find_copies(cohort.records, progress)
    return replace(cohort, copies=copies if cohort.are_patients_known else replace(copies, torn=()))


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


def _fingerprints(sources: Sequence[Source]) -> list[str]:
    """The fingerprint of the pixels of each image; empty where it cannot be read."""
    images, faults = read_all(sources)
    found = iter([fingerprint(image) for image in images])
    return ["" if source in faults else next(found) for source in sources]
