"""`normocyte monitor`: are new patients still like the calibration patients?"""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door

DRIFTED = 3
"""Exit status for "recalibrate", which a programme can tell from a failure."""


@door
def run(
    bundle: Annotated[
        Path, typer.Argument(help="Folder of the bundle, or shipped: the one that comes along.")
    ],
    scores: Annotated[
        list[Path],
        typer.Argument(help="Files of normocyte score --output, in the order of time.", show_default=False),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for monitor.json and the figure. Default: the screen alone."),
    ] = None,
    patients: Annotated[
        str,
        typer.Option(
            help="Where patients are found: folder, file (one file of rows each), or a regular expression "
            "with one group for the path. Default: names that begin with C and a number, else the folder.",
            show_default=False,
        ),
    ] = "",
    cells: Annotated[int, typer.Option(min=1, help="Cells compared of each patient.")] = 20,
    false_alarm_rate: Annotated[
        float, typer.Option(help="Share of streams without drift that may come to 'recalibrate'.")
    ] = 0.05,
) -> int:
    """Say whether the stream of scored patients is still like the bundle's calibration patients.

    The answer is "no evidence of drift", "watch" or "recalibrate", with its false-alarm rate. Exit status 3
    for "recalibrate", 0 for the others.
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
