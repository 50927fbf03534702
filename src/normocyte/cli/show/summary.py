"""The few lines that end a run: the figures that matter, and where the rest is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

HIGHEST = 3

if TYPE_CHECKING:
    from normocyte.core.types import Estimate
    from normocyte.results.evaluation import Contents
    from normocyte.workflows.evaluation.evaluate import Evaluated


def show(evaluated: Evaluated) -> None:
    """Print the main metrics of every detector, with intervals, and the place of the report."""
    contents = evaluated.contents
    typer.echo()
    _show_figures(contents)
    show_unjudged(evaluated.faults, contents.unit)
    typer.echo(f"Judged: {evaluated.judged}")
    for sentence in _sentences(contents):
        typer.echo(sentence)
    typer.echo(f"Report: {evaluated.page}")


def _show_figures(contents: Contents) -> None:
    """The table, below the sentence that limits what it means."""
    if not contents.has_anomalies:
        _show_healthy(contents)
        return
    show_opening(contents)
    Console().print(_metrics(contents))
    typer.echo()


def show_unjudged(faults: tuple[str, ...], unit: str) -> None:
    """Print how many images could not be judged, and the first of them; nothing where all were."""
    if faults:
        things = f"1 {unit}" if len(faults) == 1 else f"{len(faults)} {unit}s"
        typer.echo(f"{things} could not be judged, the first: {faults[0]}")


def show_opening(contents: Contents) -> None:
    """Print what a result opens with: what limits all that follows."""
    from normocyte.wording.opening import opening

    for sentence in opening(contents):
        typer.echo(f"{sentence}\n")


def _sentences(contents: Contents) -> list[str]:
    """What stands beside the detector, what it has learnt, and what to be careful of."""
    from normocyte.wording.training import explained
    from normocyte.workflows.evaluation.evaluate import BASELINE

    baseline = dict(contents.facts).get(BASELINE)
    said = explained(contents.training, f"{contents.unit}s", are_patients_known=contents.are_patients_known)
    beside = [f"{BASELINE}: {baseline}"] if baseline else []
    return [*beside, *shortcut_lines(contents), *filter(None, (said, *contents.careful))]


def shortcut_lines(contents: Contents) -> list[str]:
    """The best shortcut baseline where it is beaten, or why there is none, and what differs."""
    from normocyte.wording.shortcuts import Kinds, beaten, few_differing

    own = contents.shortcuts
    none = f"Shortcut baselines: none. {own.why_not}" if own.why_not else ""
    differing = few_differing(own, Kinds.of(contents.unit, contents.anomaly))
    return [sentence for sentence in (beaten(own), none, *differing) if sentence]


def _show_healthy(contents: Contents) -> None:
    """What healthy cells alone show: the threshold, what it states, and the cells to look at."""
    cells = contents.cells
    typer.echo(f"Threshold: {contents.threshold:.6g}. {contents.guarantee}")
    typer.echo(f"Highest scores (look whether these {contents.unit}s are healthy):")
    for row in cells.scores.argsort()[::-1][:HIGHEST]:
        typer.echo(f"  {cells.scores[row]:.6g}  {cells.names[row]}")
    typer.echo(f"Sensitivity: cannot be known, because no anomalous {contents.unit} was judged.")


def _metrics(contents: Contents) -> Table:
    from normocyte.workflows.evaluation.tables import main_metrics

    shown = main_metrics()
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(
        f"95 % intervals over {'patients' if contents.are_patients_known else f'{contents.unit}s'}"
    )
    for name in contents.detectors:
        table.add_column(name, justify="right", no_wrap=True)
    for row in contents.metrics:
        if row.key in shown:
            table.add_row(row.name, *(_figure(estimate) for estimate in row.all_labels))
    return table


def _figure(estimate: Estimate) -> str:
    return "not at hand" if math.isnan(estimate.value) else f"{estimate:.3f}"
