"""Plain data for JSON from frozen dataclasses, and back: what is written follows from the type hints.

NaN is null, infinity the text `inf` or `-inf`. A text that UTF-8 cannot hold is a list of one text, with
escapes as in Python. An array of one dimension is a list, any other its shape and its values. Objects of one
class that hold single values alone are a table: the names of the columns once, then the rows. Of a picture,
which is a field with `compare=False`, only the shape is written, and it comes back black.
"""

from __future__ import annotations

import enum
import functools
import math
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.types import Estimate

Json = dict[str, "Json"] | list["Json"] | str | float | bool | None

_INFINITE = {"inf": math.inf, "-inf": -math.inf}
_LONGEST = 60


def number(value: float) -> float | None:
    """The value, or None where it is not finite, because JSON knows no NaN."""
    return float(value) if math.isfinite(value) else None


def interval(estimate: Estimate) -> dict[str, Json]:
    """An estimate with its interval, null where it is not finite."""
    return {name: number(value) for name, value in asdict(estimate).items()}


@dataclass(frozen=True)
class Codec:
    """Writes values of one type as plain data, and reads them back.

    `read` takes the plain data and where they stand, and raises DatasetError, which names the place, for what
    is of another type. `is_single` says whether a value fits into the cells of a table.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any, str], Any]
    is_single: bool = True


@functools.cache
def codec_for(hint: Any) -> Codec:
    """What writes and reads values of a type; TypeError for one that cannot be written."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _of_enum(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _of_object(hint)
    origin, items = typing.get_origin(hint), typing.get_args(hint)
    if origin in _GENERIC:
        return _GENERIC[origin](items)
    raise TypeError(f"{hint} is no type that results can hold")


def _must(is_right: bool, content: Any, where: str, wanted: str) -> None:
    if not is_right:
        shown = repr(content)
        shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
        raise DatasetError(f"{where} is {shown}, but must be {wanted}.")


def _of_exact(kind: type, words: str) -> Codec:
    def read(content: Any, where: str) -> Any:
        _must(type(content) is kind, content, where, words)
        return content

    return Codec(kind, read)


def _write_float(value: Any) -> Any:
    return str(float(value)) if math.isinf(value) else number(value)


def _read_float(content: Any, where: str) -> float:
    if content is None:
        return math.nan
    if isinstance(content, str) and content in _INFINITE:
        return _INFINITE[content]
    _must(type(content) in (int, float), content, where, "a number, null, 'inf' or '-inf'")
    try:
        return float(content)
    except OverflowError as error:
        raise DatasetError(f"{where} is a whole number with too many digits: {error}.") from error


def _write_text(value: Any) -> Any:
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return [text.encode("unicode_escape").decode("ascii")]
    return text


def _read_text(content: Any, where: str) -> str:
    is_escaped = isinstance(content, list) and len(content) == 1 and isinstance(content[0], str)
    _must(isinstance(content, str) or is_escaped, content, where, "a text")
    try:
        return str(content[0].encode("ascii").decode("unicode_escape") if is_escaped else content)
    except UnicodeError as error:
        raise DatasetError(f"{where} has an escape that is none: {error}.") from error


def _of_enum(kind: type[enum.Enum]) -> Codec:
    known = [one.value for one in kind]

    def read(content: Any, where: str) -> enum.Enum:
        _must(content in known, content, where, f"one of: {', '.join(map(str, known))}")
        return kind(content)

    return Codec(lambda value: kind(value).value, read)


def _of_optional(items: tuple[Any, ...]) -> Codec:
    """A value or None; there, NaN is the text `nan`."""
    kinds = [one for one in items if one is not type(None)]
    if len(kinds) != 1:
        raise TypeError(f"one of {kinds} is no type that results can hold")
    inner = codec_for(kinds[0])

    def write(value: Any) -> Any:
        written = inner.write(value) if value is not None else None
        return "nan" if written is None and value is not None else written

    def read(content: Any, where: str) -> Any:
        is_nan = content == "nan" and kinds[0] is float
        return None if content is None else inner.read(None if is_nan else content, where)

    return Codec(write, read, inner.is_single and not is_dataclass(kinds[0]))


def _of_tuple(items: tuple[Any, ...]) -> Codec:
    if items[-1] is not Ellipsis:
        return _of_fixed(tuple(map(codec_for, items)))
    item = codec_for(items[0])
    if is_dataclass(items[0]) and item.is_single:
        return Codec(
            lambda value: _packed([item.write(one) for one in value]),
            lambda content, where: _read_all(item, _unpacked(content, where), where),
            is_single=False,
        )
    return Codec(
        lambda value: [item.write(one) for one in value], functools.partial(_read_all, item), is_single=False
    )


def _read_all(item: Codec, content: Any, where: str) -> tuple[Any, ...]:
    _must(isinstance(content, list), content, where, "a list")
    return tuple(item.read(one, f"{where}[{at}]") for at, one in enumerate(content))


def _of_fixed(items: tuple[Codec, ...]) -> Codec:
    def write(value: Any) -> Any:
        return [codec.write(one) for codec, one in zip(items, value, strict=True)]

    def read(content: Any, where: str) -> tuple[Any, ...]:
        is_right = isinstance(content, list) and len(content) == len(items)
        _must(is_right, content, where, f"a list of {len(items)}")
        pairs = enumerate(zip(items, content, strict=True))
        return tuple(codec.read(one, f"{where}[{at}]") for at, (codec, one) in pairs)

    return Codec(write, read, all(one.is_single for one in items))


def _of_array(items: tuple[Any, ...]) -> Codec:
    kind = _kind_of(items)
    scalar = next(_SCALARS[plain] for group, plain in _OF_NUMPY.items() if issubclass(kind, group))

    def write(value: Any) -> Any:
        values = [scalar.write(one) for one in value.ravel().tolist()]
        return values if value.ndim == 1 else {"shape": list(value.shape), "values": values}

    def read(content: Any, where: str) -> Any:
        parts = {"shape": [-1], "values": content} if isinstance(content, list) else content
        _must(isinstance(parts, dict) and parts.keys() == {"shape", "values"}, content, where, "an array")
        values = _read_all(scalar, parts["values"], where)
        try:
            return np.array(values, kind).reshape(parts["shape"])
        except (ValueError, TypeError, OverflowError) as error:
            raise DatasetError(f"{where} is no array of {kind.__name__}: {error}.") from error

    return Codec(write, read, is_single=False)


def _of_picture(hint: Any) -> Codec:
    kind = _kind_of(typing.get_args(hint))

    def read(content: Any, where: str) -> Any:
        is_right = isinstance(content, list) and all(type(one) is int and one >= 0 for one in content)
        _must(is_right, content, where, "the shape of a picture")
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
    hints = typing.get_type_hints(kind)
    codecs = {
        one.name: codec_for(hints[one.name]) if one.compare else _of_picture(hints[one.name])
        for one in fields(kind)
    }

    def write(value: Any) -> Any:
        return {name: codec.write(getattr(value, name)) for name, codec in codecs.items()}

    def read(content: Any, where: str) -> Any:
        _must(isinstance(content, dict), content, where, f"an object with {', '.join(codecs)}")
        for words, names in (("lacks", codecs.keys() - content), ("has unknown", content.keys() - codecs)):
            if names:
                raise DatasetError(f"{where} {words} {', '.join(sorted(names))}.")
        return kind(**{name: codec.read(content[name], f"{where}.{name}") for name, codec in codecs.items()})

    return Codec(write, read, all(codec.is_single for codec in codecs.values()))


def _packed(objects: list[Any]) -> Any:
    """Written objects as a table; what is in an object of theirs has a name with a dot."""
    rows = [dict(_flat(one)) for one in objects]
    return {"columns": list(rows[0]) if rows else [], "rows": [list(row.values()) for row in rows]}


def _flat(content: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _unpacked(content: Any, where: str) -> list[dict[str, Any]]:
    """The written objects of a table."""
    try:
        return [_nested(content["columns"], row) for row in content["rows"]]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DatasetError(f"{where} is no table of columns and rows: {error}.") from error


def _nested(columns: list[str], row: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in zip(columns, row, strict=True):
        *groups, last = name.split(".")
        place = found
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = value
    return found


_SCALARS = {
    bool: _of_exact(bool, "true or false"),
    int: _of_exact(int, "a whole number"),
    float: Codec(_write_float, _read_float),
    str: Codec(_write_text, _read_text),
}
_OF_NUMPY = {np.bool_: bool, np.integer: int, np.floating: float, np.str_: str}
_GENERIC: dict[Any, Callable[[tuple[Any, ...]], Codec]] = {
    np.ndarray: _of_array,
    tuple: _of_tuple,
    types.UnionType: _of_optional,
    typing.Union: _of_optional,
}
