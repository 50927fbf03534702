"""The end of a demo with several methods: what each finds, and where the page is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from normocyte.cli.show.summary import shortcut_lines, show_opening, show_unjudged
from normocyte.core.percent import percent

if TYPE_CHECKING:
    from normocyte.core.types import Estimate
    from normocyte.results.demo import Method
    from normocyte.workflows.demo import SideBySide

_HEADINGS = ("found at 99 %\nspecificity", "95 %\ninterval", "\nAUROC", "F1 before\ntuning", "after\ntuning")


def show_methods(done: SideBySide) -> None:
    """Print a line a method, what to be careful of, and the place of the report."""
    contents = done.contents
    evaluation = contents.evaluation
    typer.echo()
    show_opening(evaluation)
    Console().print(_table(contents.methods))
    typer.echo()
    show_unjudged(done.faults, evaluation.unit)
    typer.echo(f"Judged: {done.judged}")
    for sentence in filter(None, (*shortcut_lines(evaluation), *evaluation.careful, contents.note)):
        typer.echo(sentence)
    typer.echo(f"Report: {done.page}")


def _table(methods: tuple[Method, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("\nmethod")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for method in methods:
        after = _figure(method.after.f1) if method.after else "not at hand"
        found = percent(method.sensitivity.value)
        table.add_row(
            method.name,
            found,
            _span(method.sensitivity),
            _figure(method.auroc.value),
            _figure(method.before.f1),
            after,
        )
    return table


def _span(estimate: Estimate) -> str:
    if not math.isfinite(estimate.low):
        return ""
    return f"{percent(estimate.low)} to {percent(estimate.high)}"


def _figure(value: float) -> str:
    return "not at hand" if math.isnan(value) else f"{value:.3f}"
