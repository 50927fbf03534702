"""Finds the line on which a table or a key of a TOML text stands."""

import tomllib
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]
"""Where something stands, e.g. ("preprocessing", 1, "size") or ("detector", "latent")."""


def line_of(text: str, place: Place) -> int:
    """The line, from 1, of a table or a key; that of the table around it when it is not in the text, or 0.

    Inside a value that takes several lines, it is the line on which the value begins.
    """
    lines = _lines(text)
    around = (place[:length] for length in range(len(place), 0, -1))
    return next((lines[known] for known in around if known in lines), 0)


def _lines(text: str) -> dict[Place, int]:
    lines: dict[Place, int] = {}
    lists: dict[Place, int] = {}
    table: Place = ()
    for number, is_header, content in _statements(text.replace("\r\n", "\n").split("\n")):
        if is_header:
            table = _opened(content, lists)
        for place in _prefixes(table) if is_header else _places(content, table):
            lines.setdefault(place, number)
    return lines


def _statements(lines: list[str]) -> Iterator[tuple[int, bool, dict[str, Any]]]:
    """Each header and each `key = value`: its first line, which of both it is, and it alone as TOML."""
    start = 0
    while start < len(lines):
        content, length = _first_statement(lines[start:])
        yield start + 1, lines[start].lstrip().startswith("["), content
        start += length


def _first_statement(lines: list[str]) -> tuple[dict[str, Any], int]:
    """The shortest beginning that is TOML, and how many lines it takes; an unfinished text or list is not."""
    for length in range(1, len(lines) + 1):
        try:
            return tomllib.loads("\n".join(lines[:length])), length
        except tomllib.TOMLDecodeError:
            continue
    return {}, 1


def _opened(header: dict[str, Any], lists: dict[Place, int]) -> Place:
    """The table that a header opens; `lists` counts how many tables each [[list]] has so far."""
    place: Place = ()
    content: Any = header
    while content:
        ((name, content),) = content.items()
        place = (*place, name)
        if isinstance(content, list):
            lists[place] = lists.get(place, 0) + 1
            content = None
        if place in lists:
            place = (*place, lists[place] - 1)
    return place


def _prefixes(place: Place) -> list[Place]:
    return [place[:length] for length in range(1, len(place) + 1)]


def _places(content: Any, above: Place) -> Iterator[Place]:
    """Every key and item in a value, however deep."""
    is_nested = isinstance(content, dict | list)
    keys = content if isinstance(content, dict) else range(len(content)) if is_nested else ()
    for key in keys:
        yield (*above, key)
        yield from _places(content[key], (*above, key))
