"""What every set of files must satisfy: healthy cells are there, and every name tells its patient."""

from __future__ import annotations

import re
from collections.abc import Sequence

from normocyte.core.errors import ConfigError, DatasetError
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


def patient_expression(text: str) -> re.Pattern[str]:
    """The regular expression that finds a patient in a file name; ConfigError unless it has one group."""
    try:
        expression = re.compile(text)
    except re.error as error:
        raise ConfigError(
            f"patient_pattern '{text}' is no regular expression: {error}; correct it."
        ) from error
    if expression.groups != 1:
        raise ConfigError(f"patient_pattern '{text}' has {expression.groups} groups; give it exactly one.")
    return expression


def patients_in(names: Sequence[str], expression: re.Pattern[str], where: str) -> list[str]:
    """The patient of each file name; DatasetError with the first names that have none."""
    found = [expression.search(name) for name in names]
    strange = [name for name, match in zip(names, found, strict=True) if match is None or not match[1]]
    if strange:
        raise DatasetError(
            f"{len(strange)} of {len(names)} file names in {where} name no patient "
            f"(looked for '{expression.pattern}'): {first(strange)}. Rename them, or {MANIFEST_ADVICE}."
        )
    return [match[1] for match in found if match is not None]


def first(texts: Sequence[str], separator: str = ", ") -> str:
    """The first five texts, and how many more there are."""
    more = f"{separator}and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return separator.join(texts[:SHOWN]) + more
