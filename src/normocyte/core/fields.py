"""Declares a field of a part once: what it means, its range, its unit. Check and reference read it there."""

import dataclasses
import math
import operator
import sys
import typing
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Integral, Real
from typing import Any, TypedDict, TypeVar, Unpack

from normocyte.core.errors import ConfigError

_LARGEST = sys.float_info.max
_DECLARATION = "declaration"
_NUMBERS: dict[type, Any] = {int: Integral, float: Real}
_HOLDS = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}

_Default = TypeVar("_Default")
_Limits = Mapping[str, Any]


class Limits(TypedDict, total=False):
    """What a value must keep to; of a list each item must, and `min_items` is how many it needs."""

    at_least: float
    at_most: float
    above: float
    below: float
    one_of: Collection[object]
    min_items: int
    is_odd: bool
    may_be_infinite: bool
    unit: str


@dataclass(frozen=True)
class _Declaration:
    meaning: str
    limits: _Limits


def described(default: _Default, meaning: str, **limits: Unpack[Limits]) -> _Default:
    """A dataclass field with its default, its meaning in a few words and the limits of its values.

    A subclass that only has another default writes that default alone.
    """
    declaration = _Declaration(meaning, limits)
    return dataclasses.field(default=default, metadata={_DECLARATION: declaration})


@dataclass(frozen=True)
class Setting:
    """A field that a configuration may set."""

    name: str
    hint: Any
    default: Any
    meaning: str
    limits: _Limits

    @property
    def wanted(self) -> str:
        """What a value must be, such as "a whole number from 1"."""
        return _wanted(self.hint, self.limits)

    def fault(self, value: object) -> str:
        """The sentence that names field and value when the value is none for it; empty when it is."""
        if _fits(value, self.hint, self.limits):
            return ""
        return f"{self.name} must be {self.wanted}, not {value!r}."


class Declared:
    """The base of every dataclass whose fields are declared: they are checked when it is made."""

    def __post_init__(self) -> None:
        """ConfigError with every field whose value is none for it."""
        kind: type = type(self)
        found = (setting.fault(getattr(self, name)) for name, setting in settable(kind).items())
        faults = [fault for fault in found if fault]
        if faults:
            raise ConfigError(" ".join(faults))


@cache
def settable(found: type) -> dict[str, Setting]:
    """The fields that a configuration may set, by name."""
    hints = typing.get_type_hints(found)
    settings = {}
    for item in dataclasses.fields(found):
        if item.init:
            own = _declaration(found, item.name)
            settings[item.name] = Setting(item.name, hints[item.name], item.default, own.meaning, own.limits)
    return settings


def _declaration(found: type, name: str) -> _Declaration:
    """The nearest declaration among the class and its bases; an empty one where there is none."""
    for base in found.__mro__:
        own = vars(base).get("__dataclass_fields__", {}).get(name)
        if own is not None and _DECLARATION in own.metadata:
            declaration: _Declaration = own.metadata[_DECLARATION]
            return declaration
    return _Declaration("", {})


def _fits(value: object, hint: Any, limits: _Limits) -> bool:
    if typing.get_origin(hint) is tuple:
        return _is_list(value, hint, limits)
    if hint in _NUMBERS:
        return _is_number(value, hint, limits) and _is_within(value, limits)
    return isinstance(value, hint) and value in limits.get("one_of", [value])


def _is_list(value: object, hint: Any, limits: _Limits) -> bool:
    if not isinstance(value, list | tuple) or len(value) < limits.get("min_items", 0):
        return False
    item, *others = typing.get_args(hint)
    is_long_enough = others == [...] or len(value) == 1 + len(others)
    return is_long_enough and all(_fits(one, item, limits) for one in value)


def _is_number(value: Any, hint: type, limits: _Limits) -> bool:
    if isinstance(value, bool) or not isinstance(value, _NUMBERS[hint]):
        return False
    if hint is int or limits.get("may_be_infinite"):
        return bool(value == value)  # noqa: PLR0124 - NaN is not equal to itself
    return abs(value) <= _LARGEST if isinstance(value, int) else math.isfinite(value)


def _is_within(value: Any, limits: _Limits) -> bool:
    is_allowed = all(holds(value, limits[key]) for key, holds in _HOLDS.items() if key in limits)
    return (
        is_allowed and (value % 2 == 1 or not limits.get("is_odd")) and value in limits.get("one_of", [value])
    )


def _wanted(hint: Any, limits: _Limits) -> str:
    if typing.get_origin(hint) is tuple:
        return _wanted_list(*typing.get_args(hint), limits=limits)
    if "one_of" in limits:
        return f"one of {', '.join(map(str, limits['one_of']))}"
    if hint is int:
        kind = "an odd whole number" if limits.get("is_odd") else "a whole number"
    elif hint is float:
        kind = "a number" if limits.keys() & {"at_most", "below", "may_be_infinite"} else "a finite number"
    else:
        kind = {str: "a text", bool: "true or false"}.get(hint, str(hint))
    return " ".join([kind, *_range(limits)])


def _wanted_list(item: Any, *others: Any, limits: _Limits) -> str:
    count = f" of {1 + len(others)}" if others != (...,) else ""
    least = f" of at least {limits['min_items']}" if "min_items" in limits else count
    return f"a list{least}, each item {_wanted(item, limits)}"


def _range(limits: _Limits) -> list[str]:
    """The range in words: "from 0 to 1", "above 0 and below 1", "from 1"; nothing without limits."""
    is_closed = limits.keys() >= {"at_least", "at_most"}
    words = {
        "at_least": "from",
        "above": "above",
        "at_most": "to" if is_closed else "at most",
        "below": "below",
    }
    bounds = [f"{word} {limits[key]:g}" for key, word in words.items() if key in limits]
    return [(" " if is_closed else " and ").join(bounds)] if bounds else []
