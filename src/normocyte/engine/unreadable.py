"""Images that cannot be read: all of a data set at once, as soon as copies were looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from normocyte.core.errors import DatasetError
from normocyte.core.types import Part, Record
from normocyte.core.words import numbered
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.assignment import HEALTHY_PARTS
from normocyte.datasets.splits.split import Split
from normocyte.engine.pool import MOST_UNREADABLE

_SHOWN = 5
_LISTED = "normocyte data check lists them."

InPart = tuple[Part, Sequence[Record]]
"""A part of a split and its records."""


def learning_parts(parts: Split, *, uses_labels: bool) -> Iterator[InPart]:
    """The parts of a split that a recipe learns from; `uses_labels` says that its threshold needs labels."""
    for part in (*HEALTHY_PARTS, *((Part.TUNING,) if uses_labels else ())):
        yield part, parts.part(part)


def check_readable(cohort: Cohort, needed: Iterable[InPart]) -> None:
    """DatasetError where more than 2 % of one of these parts cannot be read; it counts the whole data set.

    `cohort` knows which they are once copies were looked for.
    """
    if not cohort.unreadable:
        return
    short = [
        str(part).replace("_", "-")
        for part, records in needed
        if len(records) - len(readable_of(cohort, records)) > MOST_UNREADABLE * len(records)
    ]
    if short:
        is_one = len(cohort.unreadable) == 1
        mend = "Mend or remove it." if is_one else f"Mend or remove all of them; {_LISTED}"
        share = f"more than {MOST_UNREADABLE:.0%} of {_named(short)}"
        raise DatasetError(f"{_which(cohort)}, {share}: {_first(cohort)} {mend}")


def unreadable_words(cohort: Cohort) -> str:
    """How many images of a set cannot be read, the first of them, and why; empty where all can."""
    if not cohort.unreadable:
        return ""
    left = "is left out" if len(cohort.unreadable) == 1 else "are left out"
    more = f" {_LISTED}" if len(cohort.unreadable) > 1 else ""
    return f"{_which(cohort)} and {left}: {_first(cohort)}{more}"


def readable_of(cohort: Cohort, records: Sequence[Record]) -> tuple[Record, ...]:
    """Those of these records that can be read, as far as it is known."""
    bad = {source for source, _ in cohort.unreadable}
    return tuple(record for record in records if record.source not in bad)


def _which(cohort: Cohort) -> str:
    return f"{len(cohort.unreadable):,} of {numbered(len(cohort.records), 'image')} cannot be read"


def _first(cohort: Cohort) -> str:
    """The names of the first ones where there are several, and why the first of all cannot be read."""
    (_, reason), *others = cohort.unreadable
    if not others:
        return reason
    names = [source.name for source, _ in cohort.unreadable[:_SHOWN]]
    left = len(cohort.unreadable) - len(names)
    listed = f"{', '.join(names)} and {left:,} more" if left else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed}. The first: {reason}"


def _named(parts: Sequence[str]) -> str:
    """The parts in words, each once."""
    *others, last = dict.fromkeys(parts)
    return f"the parts {', '.join(others)} and {last}" if others else f"the part {last}"
