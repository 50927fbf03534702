"""`normocyte calibrate`: healthy cells of a site in, a bundle with that site's threshold out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door, with_flags


@door
def run(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle, or shipped for the built-in one.")],
    healthy: Annotated[Path, typer.Argument(help="Folder, zip or CSV manifest of the site's healthy cells.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the new bundle; may be the same.")],
    false_positive_rate: Annotated[
        float | None, typer.Option(metavar="SHARE", help="Share of healthy cells that may be flagged.")
    ] = None,
    rule: Annotated[
        str,
        typer.Option(metavar="NAME", help="Threshold rule, such as quantile or best_f1."),
    ] = "",
    anomalous: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Anomalous cells, for a rule that uses labels."),
    ] = None,
    patients: Annotated[
        str,
        typer.Option(
            metavar="RULE",
            help="Patient of each image: file, folder, one, unknown, or a regular expression with one group "
            "for file names. Default: found from names and subfolders.",
        ),
    ] = "",
    new_stain: Annotated[
        bool,
        typer.Option("--new-stain", help="Another stain or camera: set the cell checks anew, too."),
    ] = False,
) -> None:
    """Set the threshold for your site, from about 100 healthy cells.

    Nothing is trained: only the calibration is new, and the bundle keeps the
    one that it replaces. The threshold rule and the rate are those of the
    bundle unless you give others.
    """
    from normocyte.cli.show.bar import progress_bar, tell
    from normocyte.cli.show.calibrated import show
    from normocyte.workflows.site.calibrate import CalibrateOptions, calibrate

    with progress_bar() as bar:
        options = CalibrateOptions(rule, false_positive_rate, patients, new_stain, anomalous)
        calibrated = calibrate(bundle, healthy, out, options, bar)
    tell(*(with_flags(text, ["patients"]) for text in calibrated.cells.left_out))
    show(calibrated, out)
