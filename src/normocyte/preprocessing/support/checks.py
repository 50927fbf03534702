"""Checks of a step's fields, with one wording for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from normocyte.core.errors import ConfigError


def need_one_of(field: str, value: object, allowed: Sequence[object]) -> None:
    """ConfigError unless the field has one of the allowed values."""
    if value not in allowed:
        choices = ", ".join(repr(choice) for choice in allowed)
        raise ConfigError(f"{field} = {value!r} is not possible; choose one of: {choices}.")


def need_between(field: str, value: float, low: float, high: float) -> None:
    """ConfigError unless the field is a finite number from `low` to `high`."""
    if not math.isfinite(value) or not low <= value <= high:
        raise ConfigError(f"{field} = {value!r} is not possible; choose a number from {low} to {high}.")
