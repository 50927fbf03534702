"""Configurations and parts on the terminal: a table of names, or one configuration in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normocyte.workflows.catalogue import Entry, Kind, PartShown, RecipeShown


def show_kinds(kinds: Sequence[Kind]) -> None:
    """A line for each kind, and how to list one of them."""
    table = _table()
    for kind in kinds:
        table.add_row(kind.name, Text(f"{kind.count}", justify="right"), Text(kind.meaning))
    Console().print(table)
    typer.echo("\nList one of them with: normocyte list KIND")


def show_entries(entries: Sequence[Entry]) -> None:
    """A line for each name; an own part has its file below it."""
    table = _table()
    for entry in entries:
        own = f"\nOwn part: {entry.own_file}" if entry.own_file else ""
        table.add_row(entry.name, Text(f"{entry.meaning}{own}"))
    Console().print(table)


def show_recipe_shown(shown: RecipeShown) -> None:
    """The file, seed and protocol, then every part with its fields."""
    console = Console()
    console.print(Text(f"{shown.name}: {shown.meaning}" if shown.meaning else shown.name))
    table = _table()
    table.add_row("file", Text(shown.file))
    table.add_row("seed", Text(f"{shown.seed}"))
    table.add_row("protocol", Text(shown.protocol))
    console.print(table)
    for part in shown.parts:
        _show_part(console, part)


def _show_part(console: Console, part: PartShown) -> None:
    console.print()
    console.print(Text.assemble((part.table, "bold"), f" {part.name}".rstrip()))
    console.print(Padding(Text(part.meaning), (0, 0, 0, 2)))
    table = _table()
    for field in part.fields:
        unit = f" ({field.unit})" if field.unit else ""
        table.add_row(field.name, Text(_toml(field.value)), Text(f"{field.meaning}{unit}", style="dim"))
    if part.fields:
        console.print(Padding(table, (0, 0, 0, 4)))


def _toml(value: object) -> str:
    """A value as a TOML file has it, texts without their quotes."""
    return f"{value}".lower() if isinstance(value, bool) else f"{value}"


def _table() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    return table
