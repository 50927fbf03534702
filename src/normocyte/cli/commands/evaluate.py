"""`normocyte evaluate`: a bundle and labelled cells in, a report out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door
from normocyte.cli.options import PatientsOption


@door
def run(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle, or shipped for the built-in one.")],
    data: Annotated[Path, typer.Argument(help="Folder, zip or CSV manifest of labelled cells.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the report.")],
    patients: PatientsOption = "",
    new_patients: Annotated[
        bool,
        typer.Option(
            "--new-patients",
            help="Patients with names from the training are others.",
        ),
    ] = False,
) -> None:
    """Test a bundle on new patients and write a report.

    Patients of the training are left out. With --new-patients, those with the
    same names count as other persons; a site's own patients stay left out.
    """
    from normocyte.cli.show.bar import progress_bar, told_copies
    from normocyte.cli.show.summary import show
    from normocyte.core.files import keep_apart
    from normocyte.datasets.opening.detect import open_cohort
    from normocyte.pipeline.bundle.bundle import open_bundle
    from normocyte.workflows.evaluation.evaluate import evaluate

    keep_apart(out, [data])
    with progress_bar() as bar:
        evaluated = evaluate(
            open_bundle(bundle),
            open_cohort(data, patients),
            out,
            bar,
            told_copies,
            has_new_patients=new_patients,
        )
    show(evaluated)
