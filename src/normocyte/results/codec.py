"""Plain data for JSON from frozen dataclasses, and back: what is written follows from the type hints.

NaN is null, infinity the text `inf` or `-inf`. A text that UTF-8 cannot hold is a list of one text, with
escapes as in Python. An array of one dimension is a list. Many objects of one class are a table, unless they
hold lists: the names of the columns once, then the rows. Of a picture, which is a field with `compare=False`,
only the shape is written, and it comes back black.
"""

import enum
import functools
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import Field, fields, is_dataclass
from operator import getitem
from typing import Any

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.results.scalars import SCALARS, Codec, must, of_enum


@functools.cache
def codec_for(hint: Any) -> Codec:
    """What writes and reads values of a type; TypeError for one that cannot be written."""
    if hint in SCALARS:
        return SCALARS[hint]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return of_enum(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _of_object(hint)
    origin, items = typing.get_origin(hint), typing.get_args(hint)
    if origin in _GENERIC:
        return _GENERIC[origin](items)
    raise TypeError(f"{hint} is no type that results can hold")


def _of_optional(items: tuple[Any, ...]) -> Codec:
    kinds = [one for one in items if one is not type(None)]
    if len(kinds) != 1 or kinds == [float]:
        raise TypeError(f"one of {items} is no type that results can hold; of numbers, NaN is none")
    inner = codec_for(kinds[0])
    return Codec(
        lambda value: None if value is None else inner.write(value),
        lambda content, where: None if content is None else inner.read(content, where),
    )


def _of_tuple(items: tuple[Any, ...]) -> Codec:
    if items[-1] is not Ellipsis:
        return _of_fixed(tuple(map(codec_for, items)))
    item = codec_for(items[0])
    if _is_row(items[0]):
        return _of_table(items[0], item)
    return Codec(lambda value: [item.write(one) for one in value], functools.partial(_read_all, item))


def _read_all(item: Codec, content: Any, where: str) -> tuple[Any, ...]:
    must(isinstance(content, list), content, where, "a list")
    return tuple(item.read(one, f"{where}[{at}]") for at, one in enumerate(content))


def _of_fixed(items: tuple[Codec, ...]) -> Codec:
    def write(value: Any) -> Any:
        return [codec.write(one) for codec, one in zip(items, value, strict=True)]

    def read(content: Any, where: str) -> tuple[Any, ...]:
        is_right = isinstance(content, list) and len(content) == len(items)
        must(is_right, content, where, f"a list of {len(items)}")
        pairs = enumerate(zip(items, content, strict=True))
        return tuple(codec.read(one, f"{where}[{at}]") for at, (codec, one) in pairs)

    return Codec(write, read)


def _of_array(items: tuple[Any, ...]) -> Codec:
    kind = _kind_of(items)
    scalar = next(SCALARS[plain] for group, plain in _OF_NUMPY.items() if issubclass(kind, group))

    def write(value: Any) -> Any:
        if value.ndim != 1:
            raise TypeError(f"an array of {value.ndim} dimensions is none that results can hold")
        return [scalar.write(one) for one in value.tolist()]

    def read(content: Any, where: str) -> Any:
        try:
            return np.array(_read_all(scalar, content, where), kind)
        except OverflowError as error:
            raise DatasetError(f"{where} is no array of {kind.__name__}: {error}.") from error

    return Codec(write, read)


def _of_picture(hint: Any) -> Codec:
    kind = _kind_of(typing.get_args(hint))

    def read(content: Any, where: str) -> Any:
        is_right = isinstance(content, list) and all(type(one) is int and one >= 0 for one in content)
        must(is_right, content, where, "the shape of a picture")
        try:
            return np.broadcast_to(np.zeros((), kind), content)
        except ValueError as error:
            raise DatasetError(f"{where} is {content}, which no picture can have: {error}.") from error

    return Codec(lambda value: list(value.shape), read)


def _kind_of(items: tuple[Any, ...]) -> type[np.generic]:
    """The scalar type of an array: of `NDArray[np.float64]` that is `np.float64`."""
    kind: type[np.generic] = typing.get_args(items[1])[0]
    return kind


def _of_object(kind: type) -> Codec:
    def write(value: Any) -> Any:
        return {name: codec.write(getattr(value, name)) for name, codec in _codecs(kind).items()}

    def read(content: Any, where: str) -> Any:
        codecs = _codecs(kind)
        must(isinstance(content, dict), content, where, f"an object with {', '.join(codecs)}")
        for words, names in (("lacks", codecs.keys() - content), ("has unknown", content.keys() - codecs)):
            if names:
                raise DatasetError(f"{where} {words} {', '.join(sorted(names))}.")
        return kind(**{name: codec.read(content[name], f"{where}.{name}") for name, codec in codecs.items()})

    return Codec(write, read)


@functools.cache
def _codecs(kind: type) -> dict[str, Codec]:
    """Those of the fields; found when they are first needed, for a class may hold another of itself."""
    return {
        one.name: codec_for(hint) if one.compare else _of_picture(hint) for one, hint in _hints(kind).items()
    }


def _hints(kind: type) -> dict[Field[Any], Any]:
    hints = typing.get_type_hints(kind)
    return {one: hints[one.name] for one in fields(kind)}


def _is_row(hint: Any) -> bool:
    """Whether it is a dataclass without lists and arrays, also in the objects that each of it holds."""
    return is_dataclass(hint) and not any(
        _is_list(own) or (is_dataclass(own) and not _is_row(own))
        for one, own in _hints(typing.cast("type", hint)).items()
        if one.compare
    )


def _is_list(hint: Any) -> bool:
    return typing.get_origin(hint) is np.ndarray or Ellipsis in typing.get_args(hint)


def _columns(kind: type) -> Iterator[tuple[str, ...]]:
    """Each value in an object, by the names that lead to it."""
    for one, hint in _hints(kind).items():
        if one.compare and is_dataclass(hint):
            yield from ((one.name, *names) for names in _columns(typing.cast("type", hint)))
        else:
            yield (one.name,)


def _of_table(kind: type, item: Codec) -> Codec:
    columns = list(_columns(kind))
    names = [".".join(column) for column in columns]

    def write(value: Any) -> Any:
        written = [item.write(one) for one in value]
        return {
            "columns": names,
            "rows": [[functools.reduce(getitem, column, one) for column in columns] for one in written],
        }

    def read(content: Any, where: str) -> Any:
        is_table = isinstance(content, dict) and content.keys() == {"columns", "rows"}
        is_table = is_table and content["columns"] == names and isinstance(content["rows"], list)
        must(is_table, content, where, f"a table with the columns {', '.join(names)}")
        for at, row in enumerate(content["rows"]):
            is_row = isinstance(row, list) and len(row) == len(names)
            must(is_row, row, f"{where}[{at}]", f"a list of {len(names)}")
        return _read_all(item, [_nested(columns, row) for row in content["rows"]], where)

    return Codec(write, read)


def _nested(columns: list[tuple[str, ...]], row: list[Any]) -> dict[str, Any]:
    """A row of a table as a written object."""
    found: dict[str, Any] = {}
    for (*groups, last), value in zip(columns, row, strict=True):
        place = found
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = value
    return found


_OF_NUMPY = {np.bool_: bool, np.integer: int, np.floating: float, np.str_: str}
_GENERIC: dict[Any, Callable[[tuple[Any, ...]], Codec]] = {
    np.ndarray: _of_array,
    tuple: _of_tuple,
    types.UnionType: _of_optional,
    typing.Union: _of_optional,
}
