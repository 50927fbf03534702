"""What every set of files must satisfy: healthy cells are there; and how faults are listed."""

from collections.abc import Sequence

from normocyte.core.errors import DatasetError
from normocyte.core.types import HEALTHY, Record

SHOWN = 5
MANIFEST_ADVICE = "give a CSV manifest with the columns path,label,patient[,group]"


def checked(records: Sequence[Record], where: str) -> list[Record]:
    """The records sorted by source; DatasetError when not one of them is healthy."""
    if not any(record.label == HEALTHY for record in records):
        raise DatasetError(
            f"There are no healthy cells among the {len(records)} images of {where}; "
            "add some, because healthy cells are what is learnt."
        )
    return sorted(records, key=lambda record: record.source)


def first(texts: Sequence[str], separator: str = ", ") -> str:
    """The first five texts, and how many more there are."""
    more = f"{separator}and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return separator.join(texts[:SHOWN]) + more
