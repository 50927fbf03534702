"""How many images have a row, and what rows were that no longer count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from operator import add, sub
from typing import Any, NamedTuple, Self


@dataclass(frozen=True)
class Counts:
    """How many images have a row, and what it says of them."""

    images: int = 0
    scored: int = 0
    flagged: int = 0
    refused: int = 0
    failed: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*map(add, astuple(self), astuple(other)))

    def without(self, other: Counts) -> Counts:
        """What is left where these are taken away."""
        return Counts(*map(sub, astuple(self), astuple(other)))


class Removed(NamedTuple):
    """Rows that no longer count: the parts that only they were in, and the counts of all of them."""

    parts: list[str]
    counts: Counts

    @classmethod
    def of(cls, units: Iterable[tuple[Any, ...]], but: str = "") -> Self:
        """What these units were, each a part and its counts; the part `but` is in use again."""
        parts, counts = [], Counts()
        for part, *own in units:
            parts += [part] if part != but else []
            counts = counts.plus(Counts(*own))
        return cls(parts, counts)
