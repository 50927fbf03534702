"""Reads a TOML configuration into parts and reports all of its faults at once, each with its line."""

import tomllib
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from normocyte.core.errors import ConfigError
from normocyte.core.fields import settable
from normocyte.core.lines import Place, line_of
from normocyte.core.registry import KINDS, part_class, part_name

Table = dict[str, Any]


@dataclass
class Document:
    """A parsed file that remembers its lines and gathers what is wrong with it.

    `missing` are the parts that nobody knows, such as "the score 'mine'". Only where `may_load` is True, in a
    file that the user named, may `plugins` load own parts, because that runs code.
    """

    name: str
    text: str
    content: Table
    faults: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    may_load: bool = False

    def fault(self, place: Place, sentence: str) -> None:
        """Note one fault; `raise_faults` reports them all."""
        line = line_of(self.text, place)
        self.faults.append(f"line {line}: {sentence}" if line else sentence)

    def raise_faults(self) -> None:
        """ConfigError with every fault that was noted, one a line; nothing when there are none."""
        if self.faults:
            count = "1 mistake" if len(self.faults) == 1 else f"{len(self.faults)} mistakes"
            raise ConfigError(
                "\n".join([f"{self.name} has {count}:", *(f"  {fault}" for fault in self.faults)])
            )


def read_document(path: Path) -> Document:
    """Read a TOML file; ConfigError when it is missing or is not TOML."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editors put a mark before the text
        return Document(str(path), text, tomllib.loads(text))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"Cannot read the configuration {path}: {reason}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text: {error}. Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Correct it there.") from error


def build_part(document: Document, room: str, table: object, place: Place) -> Any:
    """The part that a table describes, or None after noting what is wrong with it."""
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        document.fault(
            place, f'a {KINDS[room]} needs a table with a name, such as name = "...", not {table!r}.'
        )
        return None
    try:
        found = part_class(room, table["name"])
    except ConfigError as error:
        document.missing.append(f"the {KINDS[room]} '{table['name']}'")
        document.fault((*place, "name"), str(error))
        return None
    values = {key: value for key, value in table.items() if key != "name"}
    return build_fields(document, found, values, place)


def build_fields(document: Document, found: type, values: Table, place: Place) -> Any:
    """An object of a dataclass with these fields, or None after noting what is wrong with them."""
    known = settable(found)
    before = len(document.faults)
    for key, value in values.items():
        sentence = known[key].fault(value) if key in known else _unknown(key, known)
        if sentence:
            document.fault((*place, key), sentence)
    if len(document.faults) > before:
        return None
    try:
        return found(**{key: _as_field(value, known[key].hint) for key, value in values.items()})
    except ConfigError as error:
        document.fault(place, str(error))
        return None


def _unknown(key: str, known: Iterable[str]) -> str:
    return f"there is no field '{key}' here. Choose from: {', '.join(known) or 'none'}."


def _as_field(value: Any, hint: Any) -> Any:
    if typing.get_origin(hint) is tuple:
        return tuple(_as_field(item, typing.get_args(hint)[0]) for item in value)
    return float(value) if hint is float else value


def fields_table(part: object) -> Table:
    """The fields of a dataclass as a TOML table."""
    kind: type = type(part)
    values = {key: getattr(part, key) for key in settable(kind)}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def part_table(part: object) -> Table:
    """A part as a TOML table: its name, then its fields; `build_part` gives the part back."""
    return {"name": part_name(part), **fields_table(part)}
