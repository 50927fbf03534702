"""`normocyte data make`: images that are drawn, not photographed."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


class Made(enum.StrEnum):
    """What can be made."""

    SYNTHETIC = "synthetic"


@door
def run(
    kind: Annotated[Made, typer.Argument(help="What to make.")],  # noqa: ARG001 - there is one so far
    to: Annotated[Path, typer.Option(help="Folder to write into.")],
    cells: Annotated[int, typer.Option(min=1, help="How many cells.")] = 2400,
    patients: Annotated[int, typer.Option(min=1, help="How many patients.")] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Another seed draws other cells.")] = 0,
) -> None:
    """Draw a set of thin-smear cells in the layout of the NIH set."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.workflows.data.make import make_synthetic

    with progress_bar() as bar:
        records = make_synthetic(to, cells, patients, seed, bar)
    infected = sum(record.label for record in records)
    typer.echo(
        f"{len(records)} cells of {patients} patients in {to}: {len(records) - infected} healthy, "
        f"{infected} infected"
    )
