"""`normocyte compare`: several configurations on the same patients."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door
from normocyte.cli.options import PatientsOption


@door
def run(
    configs: Annotated[
        list[str],
        typer.Argument(
            help="Names of configurations, or TOML files. Every value of a list in a file is tried.",
            metavar="CONFIG",
            show_default=False,
        ),
    ],
    data: Annotated[
        Path, typer.Option(metavar="PATH", help="Folder, zip or CSV manifest of labelled cells.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the comparison and every run.")],
    patients: PatientsOption = "",
    seeds: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="Runs of each, with seeds from 0; at most 100.")
    ] = 3,
    reference: Annotated[
        str,
        typer.Option(
            metavar="CONFIG",
            help="Configuration to compare with. Default: the first.",
            show_default=False,
        ),
    ] = "",
) -> int:
    """Train and test several configurations on the same patients.

    After an interruption, run it again: it goes on, and finished runs are kept.
    Exit status 1 when a run failed.
    """
    from normocyte.cli.show.bar import titled_bar, told_copies
    from normocyte.cli.show.compared import show
    from normocyte.core.files import keep_apart
    from normocyte.datasets.opening.detect import open_cohort
    from normocyte.workflows.comparison.compare import CompareRequest, compare

    request = CompareRequest.of(configs, seeds, reference)
    keep_apart(out, [data])
    compared = compare(request, open_cohort(data, patients), out, titled_bar, told_copies)
    show(compared)
    return FAILED if compared.contents.failed else 0
