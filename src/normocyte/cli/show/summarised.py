"""The summary of a batch as tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from normocyte.results.batch import Group, Summary

SHOWN = 40
"""So many groups are shown; the file has all."""


def show(summary: Summary) -> None:
    """Print the counts, and below them one row a group."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in _counts(summary):
        table.add_row(Text(name), Text(value))
    Console().print(table)
    if summary.groups:
        Console().print(_groups(summary))
    if len(summary.groups) > SHOWN:
        typer.echo(f"{len(summary.groups) - SHOWN:,} more groups are in the file of --out.")


def _counts(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "bundle", f"{summary.bundle}, fingerprint {summary.digest[:16]}"
    yield "images", f"{summary.images:,}"
    yield "  scored", f"{summary.scored:,}"
    share = f" ({summary.flagged / summary.scored:.1%} of the scored)" if summary.scored else ""
    yield "    flagged", f"{summary.flagged:,}{share}"
    yield "  not assessable", f"{summary.refused:,}"
    yield "  failed", f"{summary.failed:,}"
    yield from ((f"    {cause.replace('_', ' ')}", f"{count:,}") for cause, count in summary.causes)
    if summary.quantiles:
        yield "scores", ", ".join(f"{value:.4g}" for value in summary.quantiles)
        yield "", "the values below which 1, 25, 50, 75 and 99 % lie"


def _groups(summary: Summary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in (summary.by, "images", "scored", "flagged", "median", "distance", ""):
        table.add_column(Text(name), justify="left" if name in (summary.by, "") else "right")
    for group in summary.groups[:SHOWN]:
        table.add_row(*map(Text, _cells(group)))
    return table


def _cells(group: Group) -> tuple[str, ...]:
    share = "" if group.flagged_share is None else f"{group.flagged_share:.1%}"
    numbers = (group.median, group.distance)
    median, distance = ("" if number is None else f"{number:.4g}" for number in numbers)
    word = "unlike all others" if group.is_unlike else ""
    return group.name, f"{group.images:,}", f"{group.scored:,}", share, median, distance, word
