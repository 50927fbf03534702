"""`normocyte evaluate`: a bundle and labelled cells in, a report out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli._door import door


@door
def run(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    data: Annotated[Path, typer.Argument(help="Folder, zip or CSV manifest of labelled cells.")],
    out: Annotated[Path, typer.Option(help="Folder for the report.")],
    new_patients: Annotated[
        bool, typer.Option("--new-patients", help="Patients whose names the bundle knows are other people.")
    ] = False,
) -> None:
    """Judge a bundle on patients it has never seen and write a report."""
    from normocyte.cli._bar import Bar
    from normocyte.cli._summary import show
    from normocyte.datasets._detect import open_dataset
    from normocyte.pipeline.bundle import load_bundle
    from normocyte.workflows.evaluate import Subject, evaluate

    with Bar() as bar:
        subject = Subject(load_bundle(bundle), bundle, new_patients)
        evaluated = evaluate(subject, open_dataset(data), out, bar)
    show(evaluated)
