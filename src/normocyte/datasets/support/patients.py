"""How a text says whose images are: one of four words, or a regular expression that finds the patient.

    file      each file is a patient
    folder    each folder is a patient
    one       all are of one patient
    unknown   nobody knows
    REGEX     a regular expression with one group, searched in the name or path

Not every verb takes every word. Where nothing is said, names that begin with C and a number, as those of the
NIH set do, tell the patient.
"""

import re
import warnings
from collections.abc import Sequence

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.datasets.support.checks import first

FILE, FOLDER, ONE, UNKNOWN = WORDS = ("file", "folder", "one", "unknown")
EXAMPLE = "^([^_]+)_"
BEGINNING = r"^(C\d+)"
"""C and a number at the beginning of a file name of the NIH set."""
BEGINNING_OF_MORE = re.compile(rf"{BEGINNING}(?=[^\d.])")
"""The same where more follows: of a file called C12.png the number may be that of the cell."""


def patient_rule(text: str, words: Sequence[str] = WORDS, field: str = "patients") -> str | re.Pattern[str]:
    """One of these words, or a regular expression with one group.

    Args:
        text: what somebody wrote.
        words: those that are possible here.
        field: what the error calls it.

    Raises:
        ConfigError: for anything else.
    """
    if text in words:
        return text
    advice = f"'{EXAMPLE}', or say {' or '.join(words)}."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of sets in sets, such as [[a]
            expression = re.compile(text)
    except re.error as error:
        raise ConfigError(
            f"`{field}` '{text}' is no regular expression: {error}; correct it, as in {advice}"
        ) from error
    if expression.groups != 1:
        raise ConfigError(
            f"`{field}` '{text}' has {expression.groups} groups; give it exactly one, as in {advice}"
        )
    return expression


def patients_in(texts: Sequence[str], expression: re.Pattern[str], what: str, advice: str) -> list[str]:
    """The patient in each name or path; DatasetError with the first that name none.

    Args:
        texts: names or paths.
        expression: has one group, see `patient_rule`.
        what: what the texts are, in the plural.
        advice: what to do where one names nobody.
    """
    found = [expression.search(text) for text in texts]
    strange = [text for text, match in zip(texts, found, strict=True) if match is None or not match[1]]
    if strange:
        raise DatasetError(
            f"{len(strange):,} of {len(texts):,} {what} name no patient "
            f"(looked for '{expression.pattern}'): {first(strange)}. {advice}"
        )
    return [match[1] for match in found if match is not None]


def number_in(name: str) -> str:
    """C and a number with which a file name begins, where more follows; empty where it does not."""
    found = BEGINNING_OF_MORE.match(name)
    return found[1] if found else ""
