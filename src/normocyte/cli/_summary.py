"""The few lines that end a run: the figures that matter, and where the rest is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from normocyte.core.types import Estimate
    from normocyte.workflows.evaluate import Evaluated

SHOWN = (
    "auroc",
    "sensitivity_at_specificity_95",
    "sensitivity_at_specificity_99",
    "sensitivity_at_specificity_99.5",
    "average_precision_1",
    "precision",
    "recall",
    "f1",
    "specificity",
)


def show(evaluated: Evaluated) -> None:
    """Print the main metrics of every detector, with intervals, and the place of the report."""
    contents = evaluated.contents
    console = Console()
    table = Table(title="Test patients, all labels; 95 % interval over patients", title_justify="left")
    table.add_column("metric")
    for name in contents.detectors:
        table.add_column(name, justify="right")
    for row in contents.metrics:
        if row.key in SHOWN:
            table.add_row(row.name, *(_figure(estimate) for estimate in row.all_labels))
    console.print(table)
    if evaluated.faults:
        console.print(f"{len(evaluated.faults)} cells could not be judged, the first: {evaluated.faults[0]}")
    console.print(f"Report: {evaluated.page}", soft_wrap=True, highlight=False)


def _figure(estimate: Estimate) -> str:
    return "not at hand" if math.isnan(estimate.value) else f"{estimate:.3f}"
