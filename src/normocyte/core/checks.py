"""Checks of a part's fields, with one wording for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from normocyte.core.errors import ConfigError


def need_one_of(field: str, value: object, allowed: Sequence[object]) -> None:
    """ConfigError unless the field has one of the allowed values."""
    if value not in allowed:
        choices = ", ".join(repr(choice) for choice in allowed)
        raise ConfigError(f"{field} = {value!r} is not possible; choose one of: {choices}.")


def need_between(field: str, value: float, low: float, high: float, example: str = "") -> None:
    """ConfigError unless the field is a number from `low` to `high`."""
    if not low <= value <= high:
        such = f", such as {example}" if example else ""
        raise ConfigError(f"{field} = {value!r} is not possible; choose a number from {low} to {high}{such}.")


def need_share(field: str, value: float) -> None:
    """ConfigError unless the field is a share from 0 to 1."""
    if not 0 <= value <= 1:
        raise ConfigError(f"{field} = {value!r} is not possible; choose a share from 0 to 1, such as 0.01.")


def need_share_inside(field: str, value: float, example: float = 0.01, most: float = 1.0) -> None:
    """ConfigError unless the field is a share between 0 and `most`, both left out."""
    if not 0 < value < most:
        raise ConfigError(
            f"{field} = {value!r} is not possible; choose a share between 0 and {most:g}, such as {example}."
        )
