"""`normocyte monitor`: are new patients still like the calibration patients?"""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door

DRIFTED = 3
"""Exit status for "recalibrate", which a programme can tell from a failure."""


@door
def run(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle, or shipped for the built-in one.")],
    scores: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="Files of normocyte score --output, in order of time.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for monitor.json and the figure."),
    ] = None,
    patients: Annotated[
        str,
        typer.Option(
            metavar="RULE",
            help="Patient of each row: folder, file (one patient per file), or a regular expression with "
            "one group for the path. Default: names that begin with C and a number, else the folder.",
            show_default=False,
        ),
    ] = "",
    cells: Annotated[int, typer.Option(min=1, metavar="N", help="Cells of each patient to compare.")] = 20,
    false_alarm_rate: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Share of streams without drift that may end in 'recalibrate'."),
    ] = 0.05,
) -> int:
    """Compare new patients with the calibration patients of a bundle.

    The answer is "no evidence of drift", "watch" or "recalibrate", with its
    false-alarm rate. Exit status 3 for "recalibrate", 0 for the others.
    """
    from normocyte.pipeline.bundle.bundle import open_bundle
    from normocyte.reports.monitoring.words import sentences
    from normocyte.results.monitoring import Finding
    from normocyte.workflows.monitoring.monitor import Watch, monitor

    watch = Watch(cells, false_alarm_rate, patients)
    contents = monitor(open_bundle(bundle), scores, watch)
    for sentence in sentences(contents):
        typer.echo(sentence)
    if out is not None:
        from normocyte.reports.monitoring.write import write_monitored

        typer.echo(f"Figure: {write_monitored(contents, out)}")
    return DRIFTED if contents.finding is Finding.RECALIBRATE else 0
