"""Every error that Normocyte raises on purpose.

    NormocyteError
    ├── ConfigError         a configuration says something impossible; lists every fault with its line
    ├── DatasetError        the data cannot be used as they are: no cells, no patients, a patient in two parts
    ├── ImageError          one image cannot be read or assessed
    ├── DownloadError       a download failed, or what came is not what was expected
    ├── TrainingError       training cannot start or went wrong (NaN loss, too few cells)
    ├── PartError           a part that does not come with Normocyte failed in use
    ├── BundleError         a bundle is incomplete, altered or from a newer version
    ├── OutputError         a result cannot be written
    ├── MissingExtraError   an optional package is not installed; the message holds the install line
    └── Interrupted         the user stopped the work; what was done is kept and the message says how to go on

Errors carry no exit code and no HTTP status: each entry point has a table of its own.
A message says what is wrong, shows the value, and says what to do.

A message names a field of the request as Python does, in backticks: `patients`, or with a value
`rule='quantile'` or `new_stain=True`; never as a flag of the command line. An entry point replaces these by
its own names with `spell_fields`; the command line writes --patients, --rule quantile and --new-stain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_FIELD = re.compile(r"`([a-z]\w*)(?:=([^`]+))?`")


def spell_fields(message: str, spell: Callable[[str, str], str]) -> str:
    """The message with each field that stands in backticks as `spell(name, value)` gives it.

    The value is as the message has it, without quotes, and empty where only the field is named. `spell`
    gives an empty text for a name it does not know; that one stays as it is.
    """
    return _FIELD.sub(lambda found: spell(found[1], (found[2] or "").strip("'")) or found[0], message)


class NormocyteError(Exception):
    """The base of all errors that a user can mend.

    Who adds a sentence on the way up calls `add_note`, so that the error keeps its type.
    """

    @property
    def message(self) -> str:
        """The sentence of the error and those that were added."""
        return " ".join((str(self), *getattr(self, "__notes__", ())))


class ConfigError(NormocyteError):
    """A configuration says something impossible."""


class DatasetError(NormocyteError):
    """The data cannot be used as they are."""


class ImageError(NormocyteError):
    """One image cannot be read or assessed."""


class DownloadError(NormocyteError):
    """A download failed, or what came is not what was expected."""


class TrainingError(NormocyteError):
    """Training cannot start or went wrong."""


class PartError(NormocyteError):
    """A part that does not come with Normocyte failed in use."""


class BundleError(NormocyteError):
    """A bundle is incomplete, altered or from a newer version."""


class OutputError(NormocyteError):
    """A result cannot be written."""


class MissingExtraError(NormocyteError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package '{package}', which is not installed; "
            f"install it with: pip install 'normocyte[{extra}]'"
        )
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        """Pickled by its two words, so that it comes back from another process."""
        return MissingExtraError, (self.package, self.extra)


class Interrupted(NormocyteError):
    """The user stopped the work; what was done is kept."""


def needs(package: str, extra: str) -> ModuleType:
    """Import an optional package; MissingExtraError holds the install line when it is missing."""
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        raise MissingExtraError(package, extra) from error


def check_installed(package: str, extra: str) -> None:
    """MissingExtraError when an optional package is not installed; it is not imported."""
    if find_spec(package) is None:
        raise MissingExtraError(package, extra)
