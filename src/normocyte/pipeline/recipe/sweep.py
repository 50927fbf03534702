"""Takes a configuration whose fields hold lists apart into one recipe for each combination.

A list stands for several values wherever the field itself is none: `epochs = [6, 12]` are two recipes. A
field that is a list by itself takes a list of lists: `filters = [[8, 16], [8, 16, 32]]` are two recipes,
`filters = [8, 16]` is one.
"""

import copy
import itertools
import math
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from normocyte.core.config import Document, Table
from normocyte.core.errors import ConfigError
from normocyte.core.fields import Setting, settable
from normocyte.core.lines import Place
from normocyte.core.registry import part_class
from normocyte.pipeline.recipe.configurations import configuration_path, read_configuration
from normocyte.pipeline.recipe.recipe import Recipe, recipe_of

MOST = 64
_ROOMS = {
    "preprocessing": "preprocessing",
    "detector": "detectors",
    "score": "scores",
    "threshold": "thresholds",
}


@dataclass(frozen=True)
class Named:
    """A recipe and what it is called: its file, and in brackets what the sweep has set."""

    name: str
    recipe: Recipe


@dataclass(frozen=True)
class _Axis:
    """A field that takes several values, where it stands, and the name of its part."""

    place: Place
    part: str
    values: list[Any]

    @property
    def field(self) -> str:
        return str(self.place[-1])


def find_recipes(name: str) -> list[Named]:
    """Every recipe of a TOML file, or of the built-in one of that name; one when no field is swept.

    ConfigError lists everything that is wrong with any of them, and says so when they are more than 64.
    """
    path = configuration_path(name)
    document = read_configuration(path)
    axes = list(_axes(document, document.content, ()))
    document.raise_faults()
    _check_count(document, axes)
    found = [
        Named(path.stem + _brackets(axes, values), _one(document, axes, values))
        for values in itertools.product(*(axis.values for axis in axes))
    ]
    document.faults = list(dict.fromkeys(document.faults))  # most are the same in every combination
    document.raise_faults()
    return found


def _axes(document: Document, content: Any, place: Place) -> Iterator[_Axis]:
    """Every swept field below this place; what is not known is left to the reading of recipes."""
    if isinstance(content, list):
        for index, item in enumerate(content):
            yield from _axes(document, item, (*place, index))
    elif isinstance(content, dict):
        yield from _axes_of_part(document, content, place)
        for key, below in content.items():
            yield from _axes(document, below, (*place, key))


def _axes_of_part(document: Document, table: Table, place: Place) -> Iterator[_Axis]:
    for key, setting in _fields(table, place).items():
        value = table.get(key)
        if value == []:
            document.fault((*place, key), f"'{key}' is an empty list; give it at least one value.")
        elif isinstance(value, list) and _depth(value) > _depth_of_field(setting.hint):
            yield _Axis((*place, key), str(table["name"]), value)


def _fields(table: Table, place: Place) -> dict[str, Setting]:
    """The fields of the part that a table names, or none."""
    rooms = [_ROOMS[key] for key in place[-2:] if key in _ROOMS]
    if not (rooms and isinstance(table.get("name"), str)):
        return {}
    try:
        return settable(part_class(rooms[-1], table["name"]))
    except ConfigError:
        return {}


def _depth(value: Any) -> int:
    """How deep lists stand in lists; 0 for what is no list."""
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _depth_of_field(hint: Any) -> int:
    inner = typing.get_args(hint)[:1] if typing.get_origin(hint) is tuple else ()
    return 1 + _depth_of_field(inner[0]) if inner else 0


def _check_count(document: Document, axes: list[_Axis]) -> None:
    count = math.prod(len(axis.values) for axis in axes)
    if count > MOST:
        factors = " x ".join(f"{len(axis.values)} {axis.field}" for axis in axes)
        raise ConfigError(
            f"{document.name} asks for {count:,} configurations ({factors}), more than {MOST}. "
            "Shorten the lists, or write several files."
        )


def _one(document: Document, axes: list[_Axis], values: tuple[Any, ...]) -> Recipe:
    """The recipe of one combination; its faults are noted in the document."""
    content = copy.deepcopy(document.content)
    for axis, value in zip(axes, values, strict=True):
        table: Any = content
        for step in axis.place[:-1]:
            table = table[step]
        table[axis.field] = value
    return recipe_of(replace(document, content=content))


def _brackets(axes: list[_Axis], values: tuple[Any, ...]) -> str:
    """What this combination has set, such as [latent=16,epochs=6]; nothing where nothing is swept."""
    names = _labels(axes)
    said = ",".join(f"{name}={_format_value(value)}" for name, value in zip(names, values, strict=True))
    return f"[{said}]" if said else ""


def _labels(axes: list[_Axis]) -> list[str]:
    """The field alone, with its part where two parts have one of that name, or with its place."""
    for spelling in (
        lambda axis: axis.field,
        lambda axis: f"{axis.part}.{axis.field}",
    ):
        labels = [spelling(axis) for axis in axes]
        if max(Counter(labels).values(), default=0) <= 1:
            return labels
    return [".".join(map(str, axis.place)) for axis in axes]


def _format_value(value: Any) -> str:
    """A value in a name: 16, 0.5, true, 8-16-32."""
    if isinstance(value, list):
        return "-".join(map(_format_value, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
