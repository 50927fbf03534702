"""English sentences that keep their pattern and values, so that another language can say them later."""

from __future__ import annotations

import string
from collections.abc import Sequence

_NUMBER = "{n} "
_JOINED = "{n}\N{NO-BREAK SPACE}"


class Figure(str):
    """A number as English writes it, such as 1,234.5 or 12 %; another language writes it its own way."""

    __slots__ = ()


class Message(str):
    """A sentence in English that knows how it was made.

    It is a plain text to everything that computes or writes files. `normocyte.wording.language` says it in
    the language of the reader: the pattern is looked up in the catalogue and filled with the values.

    Attributes:
        patterns: the pattern; and a second one for more than one, where the number `n` decides.
        values: what stands in the pattern, by name: texts stay, numbers and messages are translated.
    """

    patterns: tuple[str, ...]
    values: dict[str, object]

    def __new__(cls, patterns: tuple[str, ...], values: dict[str, object]) -> Message:
        """The sentence in English."""
        pattern = patterns[0] if values.get("n", 1) == 1 else patterns[-1]
        message = super().__new__(cls, fill(pattern, {name: english(one) for name, one in values.items()}))
        message.patterns, message.values = patterns, values
        return message

    def __getnewargs__(self) -> tuple[tuple[str, ...], dict[str, object]]:  # type: ignore[override]
        """What makes it again in another process."""
        return self.patterns, self.values


def deferred(pattern: str, **values: object) -> Message:
    """A sentence for a result: in English now, in the language of the reader on a report.

    Example:
        >>> deferred("{cells} cells are flagged.", cells=1200)
        '1,200 cells are flagged.'
    """
    return Message((pattern,), values)


def ndeferred(one: str, many: str, n: int, **values: object) -> Message:
    """The same, with one pattern for 1 and one for other numbers; `n` is among the values.

    Example:
        >>> ndeferred("{n} cell is flagged.", "{n} cells are flagged.", 1) == "1\\xa0cell is flagged."
        True
    """
    return Message((one, many), {"n": n, **values})


def joined(messages: Sequence[Message], separator: str = " ") -> Message:
    """Sentences one after another, or the parts of a list."""
    names = [f"sentence_{number}" for number in range(len(messages))]
    pattern = separator.join(f"{{{name}}}" for name in names)
    return Message((pattern,), dict(zip(names, messages, strict=True)))


def to_translate(text: str) -> str:
    """The text itself; it marks one for the catalogue that is looked up where it is shown."""
    return text


def english(value: object) -> str:
    """A value as it stands in an English sentence."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def fill(pattern: str, values: dict[str, str]) -> str:
    """The pattern with its values; the line does not break after the number `n`."""
    return pattern.replace(_NUMBER, _JOINED).format_map(values)


def placeholders(pattern: str) -> set[str]:
    """The names of the values that a pattern takes."""
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
