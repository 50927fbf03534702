"""Imports of optional packages, with a clear answer when they are not installed."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from normocyte.core.errors import MissingExtraError


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
