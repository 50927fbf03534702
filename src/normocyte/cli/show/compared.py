"""A comparison on the screen: one narrow table, what came out, and where the rest is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from normocyte.results.comparison import Comparison, Row
    from normocyte.workflows.comparison.compare import Compared

WIDTH = 100
"""Columns of the table where no terminal says how many there are, and at most."""

_LONG_NAME = 24
_HEADS = {
    "sensitivity_at_specificity_95": ("sens@", "95 %"),
    "sensitivity_at_specificity_99": ("sens@", "99 %"),
    "sensitivity_at_specificity_99.5": ("sens@", "99.5 %"),
    "average_precision_1": ("AP@", "1 %"),
}
"""The lines of a narrow column's head, by the key of its metric."""


def show(compared: Compared) -> None:
    """Print the table, the failures and the sentence on top of the page."""
    from normocyte.reports.comparison import words

    contents = compared.contents
    console = Console()
    console = console if console.is_terminal and console.width < WIDTH else Console(width=WIDTH)
    if contents.finished:
        typer.echo()
        console.print(_table(contents))
        console.print(Text(_legend(contents), style="dim"))
    for row in contents.failed:
        typer.echo(f"{row.name} failed: {row.failure}", err=True)
    typer.echo()
    for sentence in (words.outcome(contents), *_beside(contents), *contents.notes):
        console.print(Text(sentence))
    if compared.kept:
        kept = "1 run was" if compared.kept == 1 else f"{compared.kept} runs were"
        typer.echo(f"{kept} there already.")
    typer.echo(f"Comparison: {compared.page}")


def _beside(contents: Comparison) -> list[str]:
    """What the best configuration has more than the best shortcut baseline, and what differs."""
    from normocyte.wording.shortcuts import Kinds, beaten, few_differing

    best = contents.best_beside
    if best is None:
        return []
    kinds = Kinds.of(contents.unit, contents.anomaly)
    lines = (beaten(best.shortcuts, best.configuration), *few_differing(best.shortcuts, kinds))
    return [sentence for sentence in lines if sentence]


def _table(contents: Comparison) -> Table:
    """The means of all metrics, the main difference, and the costs."""

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", overflow="fold", min_width=12)
    heads = [_HEADS.get(metric.key, (metric.short,)) for metric in contents.metrics]
    difference = ["change of\n" + "".join(heads[contents.place])] * contents.has_differences
    for head in (*map("\n".join, heads), *difference, *_cost_heads(contents.unit)):
        table.add_column(head, justify="right", no_wrap=True)
    for row in contents.rows:
        table.add_row(_folded(row.name), *(_failed(contents) if row.failure else _cells(contents, row)))
    return table


def _cost_heads(unit: str) -> tuple[str, ...]:
    """The same of the costs, in their order."""
    from normocyte.wording.articles import a

    return "training\ns", f"ms\n{a(unit)}\n{unit}", "param-\neters", "bundle\nkB"


def _folded(name: str) -> Text:
    """A long name of a sweep begins a new line with what it has set."""
    return Text(name.replace("[", "\n[", 1) if len(name) > _LONG_NAME else name)


def _failed(contents: Comparison) -> list[str]:
    return ["failed", *[""] * (len(contents.metrics) - 1)]


def _cells(contents: Comparison, row: Row) -> list[str]:
    from normocyte.reports.comparison import words

    main = row.all_labels[contents.place]
    is_reference = row.name == contents.reference
    mark = " *" if main.is_better or main.is_worse else "  "
    said = "reference" if is_reference else words.signed(main.difference.value) + mark
    return [
        *(words.value(one.estimate) for one in row.all_labels),
        *([said] if contents.has_differences else []),
        *words.costs(row),
    ]


def _legend(contents: Comparison) -> str:
    from normocyte.reports.comparison import words

    said = f"All labels, {'mean of ' * (contents.seeds > 1)}{words.seeds(contents.seeds)}."
    star = f" Change from {contents.reference}; * more than chance (corrected p < 0.05)."
    return said + (star if contents.has_differences else "") + " The intervals are on the page."
