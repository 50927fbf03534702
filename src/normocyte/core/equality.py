"""Equality by value for what holds arrays and NaN, which `==` of a dataclass does not take."""

import math
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


class ByValue:
    """Base of a dataclass with `eq=False`: equal where all fields are, NaN to NaN and arrays by element.

    Of a field with `compare=False`, such as a picture, only the shape counts. It cannot be hashed.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether both are of one class with the same values."""
        return type(self) is type(other) and same(self, other)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same: NaN is NaN, arrays by element, dataclasses by field."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return _is_same_array(one, other)
    if is_dataclass(one):
        return type(one) is type(other) and all(
            _shape(a) == _shape(b) if not item.compare else same(a, b)
            for item in fields(one)
            for a, b in [(getattr(one, item.name), getattr(other, item.name))]
        )
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


def _is_same_array(one: Any, other: Any) -> bool:
    if _shape(one) != _shape(other):
        return False
    has_nan = np.issubdtype(one.dtype, np.inexact) and np.issubdtype(other.dtype, np.inexact)
    return np.array_equal(one, other, equal_nan=has_nan)


def _shape(value: Any) -> Any:
    return getattr(value, "shape", value)
