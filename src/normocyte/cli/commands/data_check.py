"""`normocyte data check`: what is in a data set, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door

_SCREEN = Path("-")


@door
def run(
    path: Annotated[Path, typer.Argument(metavar="DIR", help="Folder, zip or CSV manifest.")],
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write the findings into this file, too; - for the screen alone."),
    ] = None,
) -> int:
    """Count cells, patients and sizes; find unreadable files, duplicates and doubtful labels.

    Exit status 1 when some files are unreadable.
    """
    from normocyte.cli.show.bar import progress_bar
    from normocyte.cli.show.findings import show
    from normocyte.core.files import json_text, write_json
    from normocyte.workflows.data.check import check_data

    with progress_bar() as bar:
        report = check_data(path, bar)
    if json == _SCREEN:
        typer.echo(json_text(report.as_json()))
    else:
        show(report)
        if json:
            write_json(json, report.as_json())
    return FAILED if report.unreadable else 0
