"""`normocyte calibrate`: a bundle and healthy cells of a site in, the bundle with that site's own cut out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door, with_flags


@door
def run(
    bundle: Annotated[
        Path, typer.Argument(help="Folder of the bundle, or shipped: the one that comes along.")
    ],
    healthy: Annotated[Path, typer.Argument(help="Folder, zip or CSV manifest of the site's healthy cells.")],
    out: Annotated[Path, typer.Option(help="Folder of the new bundle; the bundle's own may be given.")],
    false_positive_rate: Annotated[
        float | None, typer.Option(help="Share of healthy cells that may be flagged. Default: the bundle's.")
    ] = None,
    rule: Annotated[
        str,
        typer.Option(help="Rule for the threshold, such as quantile or best_f1. Default: the bundle's."),
    ] = "",
    anomalous: Annotated[
        Path | None,
        typer.Option(help="Folder, zip or CSV manifest of anomalous cells, to tune a rule that uses labels."),
    ] = None,
    patients: Annotated[
        str,
        typer.Option(
            help="Whose the cells are: folder, file, one, unknown, or a regular expression with one group, "
            "searched in file names. Default: what file names or subfolders tell."
        ),
    ] = "",
    new_stain: Annotated[
        bool,
        typer.Option("--new-stain", help="Another stain or camera: the cells teach the checks, too."),
    ] = False,
) -> None:
    """Give a bundle the cut of your own site, from about 100 healthy cells.

    Nothing is trained: only the calibration is new, and the one it takes the place of is kept in the bundle.
    """
    from normocyte.cli.show.bar import progress_bar, tell
    from normocyte.cli.show.calibrated import show
    from normocyte.workflows.site.calibrate import CalibrateOptions, calibrate

    with progress_bar() as bar:
        options = CalibrateOptions(rule, false_positive_rate, patients, new_stain, anomalous)
        calibrated = calibrate(bundle, healthy, out, options, bar)
    tell(*(with_flags(text, ["patients"]) for text in calibrated.cells.left_out))
    show(calibrated, out)
