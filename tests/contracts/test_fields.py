"""The exam that the fields of every part pass: each is declared with a meaning and keeps to its range."""

import contextlib
import functools
import math
import re
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.core.fields import Setting, settable
from normocyte.core.registry import KINDS, part_class, part_names

PARTS = [(kind, name) for kind in (*KINDS, "drift", "parasitaemia") for name in part_names(kind)]
WITH_FIELDS = [(kind, name) for kind, name in PARTS if settable(part_class(kind, name))]
every_part = pytest.mark.parametrize(("kind", "name"), WITH_FIELDS)


def settings(kind: str, name: str) -> list[Setting]:
    return list(settable(part_class(kind, name)).values())


def item_of(setting: Setting) -> type:
    """The type of a value, of a list that of an item."""
    return typing.get_args(setting.hint)[0] if is_list(setting) else setting.hint


def is_list(setting: Setting) -> bool:
    return typing.get_origin(setting.hint) is tuple


def length_of(setting: Setting) -> int:
    """How many items a list has that fits."""
    arguments = typing.get_args(setting.hint)
    return setting.limits.get("min_items", 1) if arguments[-1] is ... else len(arguments)


def just_outside(setting: Setting) -> list[object]:
    """The nearest values beyond each bound, and values of other types."""
    limits, kind = setting.limits, item_of(setting)
    wrong = {str: [3, None], bool: [1, "yes"], int: ["3", True, 2.5, math.nan]}.get(
        kind, ["0.5", False, math.nan]
    )
    wrong += ["none of them"] if "one_of" in limits and kind is str else []
    wrong += [limits[key] for key in ("above", "below") if key in limits]
    for key, sign in (("at_least", -1), ("at_most", 1)):
        if key in limits:
            wrong.append(limits[key] + sign if kind is int else math.nextafter(limits[key], sign * math.inf))
    wrong += [2] if limits.get("is_odd") else []
    wrong += [math.inf, -math.inf] if kind is float and not limits.get("may_be_infinite") else []
    if not is_list(setting):
        return wrong
    return [(value,) * length_of(setting) for value in wrong] + [3, *([()] if "min_items" in limits else [])]


def inside(setting: Setting) -> st.SearchStrategy:
    """Values that fit a field."""
    values = _items_inside(item_of(setting), setting.limits)
    if not is_list(setting):
        return values
    least = length_of(setting)
    return st.lists(values, min_size=least, max_size=least).map(tuple)


def _items_inside(kind: type, limits: dict) -> st.SearchStrategy:
    if "one_of" in limits:
        return st.sampled_from(list(limits["one_of"]))
    if kind is int:
        numbers = st.integers(limits.get("at_least"), limits.get("at_most"))
        return numbers.filter(lambda number: number % 2) if limits.get("is_odd") else numbers
    if kind is not float:
        return {str: st.text(), bool: st.booleans()}[kind]
    return st.floats(
        limits.get("at_least", limits.get("above")),
        limits.get("at_most", limits.get("below")),
        exclude_min="above" in limits,
        exclude_max="below" in limits,
        allow_nan=False,
        allow_infinity=limits.get("may_be_infinite", False),
    )


@functools.cache
def fitting(kind: str, name: str) -> st.SearchStrategy:
    """Values for all fields of a part; made once, for Hypothesis checks each strategy that it meets."""
    return st.fixed_dictionaries({one.name: inside(one) for one in settings(kind, name)})


@functools.cache
def unfitting(kind: str, name: str) -> st.SearchStrategy:
    """Values just outside the ranges of all fields of a part."""
    outside = {one.name: st.sampled_from(just_outside(one)) for one in settings(kind, name)}
    return st.fixed_dictionaries(outside)


class BetweenFields(Exception):
    """What a part refuses though every field fits its own range."""


def made(kind: str, name: str, values: dict) -> object:
    try:
        return part_class(kind, name)(**values)
    except ConfigError as error:
        if not any(one.wanted in str(error) for one in settings(kind, name)):
            raise BetweenFields(str(error)) from error
        raise


@every_part
def test_every_field_is_declared_with_its_meaning(kind, name):
    unsaid = [setting.name for setting in settings(kind, name) if not setting.meaning.strip(" .")]
    assert unsaid == []


@pytest.mark.parametrize(("kind", "name"), PARTS)
def test_every_default_fits_its_own_range(kind, name):
    part_class(kind, name)()
    assert [fault for one in settings(kind, name) if (fault := one.fault(one.default))] == []


@every_part
def test_a_value_just_outside_its_range_is_refused_with_field_and_value(kind, name):
    part = part_class(kind, name)
    for setting in settings(kind, name):
        for value in just_outside(setting):
            sentence = f"{setting.name} must be {setting.wanted}, not {value!r}."
            with pytest.raises(ConfigError, match=re.escape(sentence)):
                part(**{setting.name: value})


@every_part
@given(data=st.data())
def test_values_in_range_are_refused_only_by_a_rule_between_fields(kind, name, data):
    values = data.draw(fitting(kind, name))
    with contextlib.suppress(BetweenFields):
        part = made(kind, name, values)
        assert {key: getattr(part, key) for key in values} == values


@every_part
@given(data=st.data())
def test_all_fields_out_of_range_are_told_at_once(kind, name, data):
    values = data.draw(unfitting(kind, name))
    with pytest.raises(ConfigError) as caught:
        part_class(kind, name)(**values)
    assert str(caught.value) == " ".join(one.fault(values[one.name]) for one in settings(kind, name))
