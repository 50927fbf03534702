"""How single values stand in JSON: numbers, text, members of an enum; and what writes and reads them."""

import enum
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

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
    is of another type.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any, str], Any]


def must(is_right: bool, content: Any, where: str, wanted: str) -> None:
    """DatasetError, which names the value and its place, unless it is right."""
    if not is_right:
        shown = repr(content)
        shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
        raise DatasetError(f"{where} is {shown}, but must be {wanted}.")


def _of_exact(kind: type, words: str) -> Codec:
    def read(content: Any, where: str) -> Any:
        must(type(content) is kind, content, where, words)
        return content

    return Codec(kind, read)


def _write_float(value: Any) -> Any:
    return str(float(value)) if math.isinf(value) else number(value)


def _read_float(content: Any, where: str) -> float:
    if content is None:
        return math.nan
    if isinstance(content, str) and content in _INFINITE:
        return _INFINITE[content]
    must(type(content) in (int, float), content, where, "a number, null, 'inf' or '-inf'")
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
    must(isinstance(content, str) or is_escaped, content, where, "a text")
    try:
        return str(content[0].encode("ascii").decode("unicode_escape") if is_escaped else content)
    except UnicodeError as error:
        raise DatasetError(f"{where} has an escape that is none: {error}.") from error


def of_enum(kind: type[enum.Enum]) -> Codec:
    """A member of an enum, by its value."""
    known = [one.value for one in kind]

    def read(content: Any, where: str) -> enum.Enum:
        must(content in known, content, where, f"one of: {', '.join(map(str, known))}")
        return kind(content)

    return Codec(lambda value: kind(value).value, read)


SCALARS = {
    bool: _of_exact(bool, "true or false"),
    int: _of_exact(int, "a whole number"),
    float: Codec(_write_float, _read_float),
    str: Codec(_write_text, _read_text),
}
