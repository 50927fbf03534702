"""Whether a caller gave what is taken: one sentence instead of the error of some library below."""

import errno
import os
from collections.abc import Sequence
from numbers import Integral, Real
from typing import TypeAlias

import pandas as pd

from normocyte.core.errors import ConfigError, DatasetError, NormocyteError
from normocyte.datasets.support.patients import EXAMPLE
from normocyte.datasets.support.patients import WORDS as PATIENT_WORDS

Place: TypeAlias = str | os.PathLike[str]
_MOST_SHOWN = 60


def check_place(place: object, name: str, error: type[NormocyteError] = ConfigError) -> None:
    """An error for what is no path that can be, of an argument of this name."""
    if not isinstance(place, str | os.PathLike) or isinstance(os.fspath(place), bytes):
        raise error(f"{name} must be a path, as text or pathlib.Path, not {said(place)}.")
    if not os.fspath(place):
        raise error(f"{name} is an empty path, {place!r}; give a path, or '.' for the current folder.")
    try:
        os.stat(place)  # noqa: PTH116 - the reason is wanted, which Path.exists swallows or not
    except (ValueError, OSError) as reason:
        if isinstance(reason, ValueError) or reason.errno == errno.ENAMETOOLONG:
            why = getattr(reason, "strerror", None) or str(reason)
            raise error(f"{name} is {said(place)} that cannot be a path: {why}; give another.") from reason


def check_places(**places: object) -> None:
    """ConfigError for the first of these arguments that is neither None nor a path."""
    for name, place in places.items():
        if place is not None:
            check_place(place, name)


def check_numbers(**values: object) -> None:
    """ConfigError for the first of these arguments that is neither None nor a number."""
    for name, value in values.items():
        if value is not None:
            check_number(value, name)


def check_number(value: object, name: str) -> None:
    """ConfigError for what is no number; True and False are none, either."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ConfigError(f"{name} must be a number, not {said(value)}.")


def check_columns(table: pd.DataFrame) -> None:
    """DatasetError for a DataFrame in which a column stands twice."""
    twice = table.columns[table.columns.duplicated()].tolist()
    if twice:
        raise DatasetError(f"The DataFrame has several columns '{twice[0]}'; keep one of them.")


def check_labelled(data: object, name: str) -> None:
    """DatasetError for what is neither a path nor a DataFrame of labelled cells."""
    if isinstance(data, pd.DataFrame):
        check_columns(data)
    elif isinstance(data, str | os.PathLike):
        check_place(data, name, DatasetError)
    else:
        raise DatasetError(
            f"{name} must be a folder, zip or CSV manifest, or a DataFrame with the columns path, label and "
            f"patient, not {said(data)}."
        )


def check_whole(number: object, name: str, least: int) -> None:
    """ConfigError for what is no whole number from the least on; True and False are none, either."""
    if isinstance(number, bool) or not isinstance(number, Integral) or number < least:
        raise ConfigError(f"{name} must be a whole number from {least}, not {said(number)}.")


def check_patients(patients: object, words: Sequence[str] = PATIENT_WORDS) -> None:
    """ConfigError for what is no text that says whose images are."""
    if not isinstance(patients, str):
        raise ConfigError(
            f"patients must be {', '.join(words)}, or a regular expression with one group such as "
            f"'{EXAMPLE}', not {said(patients)}."
        )


def check_name(name: object, argument: str, known: Sequence[str]) -> None:
    """ConfigError for what is no text where one of these names is asked for; an unknown name passes."""
    if not isinstance(name, str):
        raise ConfigError(f"{argument} must be one of {', '.join(known)}, not {said(name)}.")


def check_texts(**texts: object) -> None:
    """ConfigError for the first of these arguments that is no text."""
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ConfigError(f"{name} must be a text, not {said(text)}.")


def said(value: object) -> str:
    """A plain value of a few letters as it is; else its kind."""
    shown = repr(value)
    is_plain = value is None or isinstance(value, str | bytes | int | float | list)
    return shown if is_plain and len(shown) <= _MOST_SHOWN else f"a {type(value).__name__}"
