"""`normocyte evaluate`: a bundle and labelled cells in, a report out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


@door
def run(
    bundle: Annotated[
        Path, typer.Argument(help="Folder of the bundle, or shipped: the one that comes along.")
    ],
    data: Annotated[Path, typer.Argument(help="Folder, zip or CSV manifest of labelled cells.")],
    out: Annotated[Path, typer.Option(help="Folder for the report.")],
    new_patients: Annotated[
        bool,
        typer.Option(
            "--new-patients",
            help="Patients whose names the training knows are other people; a site's own stay out.",
        ),
    ] = False,
) -> None:
    """Judge a bundle on patients it has never seen and write a report."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.cli.show.summary import show
    from normocyte.cli.show.told import told_copies
    from normocyte.datasets.opening.detect import open_dataset
    from normocyte.pipeline.bundle.bundle import load_bundle
    from normocyte.pipeline.bundle.folder import bundle_folder
    from normocyte.workflows.evaluation.evaluate import Subject, evaluate

    with progress_bar() as bar:
        folder = bundle_folder(bundle)
        subject = Subject(load_bundle(folder), folder, new_patients)
        evaluated = evaluate(subject, open_dataset(data), out, bar, told_copies)
    show(evaluated)
