"""What a check of a data set found, as a table and as lines for what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from normocyte.workflows.data.check import DataReport, Spread

SHOWN = 10


def show(report: DataReport) -> None:
    """Print counts as a table, and the first of the files that are wrong one a line."""
    for sentence in (*report.careful, *report.left_out):
        typer.echo(sentence)
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in _counts(report):
        table.add_row(Text(name), Text(value))
    Console().print(table)
    for line in (*_unreadable(report), *_duplicates(report)):
        typer.echo(line)


def _counts(report: DataReport) -> Iterator[tuple[str, str]]:
    yield "data set", report.dataset
    yield "cells", f"{report.cells:,}"
    yield "  healthy", f"{report.healthy:,}"
    yield "  anomalous", f"{report.anomalies:,} ({report.anomaly_share:.1%} of all)"
    yield from ((f"    {name}", f"{count:,}") for name, count in report.groups.items())
    yield "  doubtful labels", f"{report.doubtful:,}"
    yield from _patients(report)
    yield "formats", ", ".join(f"{name} {count:,}" for name, count in report.formats.items()) or "none"
    yield "  width", f"{_spread(report.width_px)} px"
    yield "  height", f"{_spread(report.height_px)} px"
    yield "  gray", f"{report.gray:,}"
    yield "  one colour only", f"{report.even:,}"
    yield "unreadable files", f"{len(report.unreadable):,}"
    yield "equal images", f"{sum(len(twins.paths) for twins in report.duplicates):,}"
    yield "  with both labels", f"{report.conflicts:,} groups"
    yield "  several patients", f"{report.torn:,} groups"
    yield "near-duplicates", f"{report.near_duplicates:,} in {report.near_groups:,} groups"
    yield "  several patients", f"{report.near_torn:,} groups"


def _patients(report: DataReport) -> Iterator[tuple[str, str]]:
    if not report.patients:
        yield "patients", "unknown"
        return
    yield "patients", f"{report.patients:,}"
    yield "  with anomalies", f"{report.patients_with_anomalies:,}"
    yield "  without", f"{report.clean_patients:,}"
    yield "  cells of each", _spread(report.cells_per_patient)


def _spread(spread: Spread) -> str:
    return f"{spread.min:,} to {spread.max:,}, median {spread.median:,g}"


def _unreadable(report: DataReport) -> Iterator[str]:
    if report.unreadable:
        yield f"\nUnreadable files, {_first(len(report.unreadable))}:"
    yield from (f"  {fault.path}: {fault.reason}" for fault in report.unreadable[:SHOWN])


def _duplicates(report: DataReport) -> Iterator[str]:
    """Contradictions first, because they do most harm."""
    worst = sorted(report.duplicates, key=lambda twins: (not twins.is_conflict, not twins.is_torn))
    if worst:
        yield f"\nGroups of equal images, {_first(len(worst))}:"
    for twins in worst[:SHOWN]:
        marks = "BOTH LABELS: " * twins.is_conflict + "SEVERAL PATIENTS: " * twins.is_torn
        yield f"  {marks}{' = '.join(twins.paths)}"


def _first(count: int) -> str:
    return f"the first {SHOWN} of {count:,}" if count > SHOWN else f"{count:,}"
