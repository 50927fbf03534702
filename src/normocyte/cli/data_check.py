"""`normocyte data check`: what is in a data set, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli._door import door


@door
def run(
    path: Annotated[Path, typer.Argument(metavar="DIR", help="Folder, zip or CSV manifest.")],
    json: Annotated[
        Path | None, typer.Option("--json", help="Write the findings into this file, too.")
    ] = None,
) -> None:
    """Count cells, patients and sizes; find unreadable files, duplicates and doubtful labels."""
    from normocyte.cli._bar import Bar
    from normocyte.workflows.check_data import check_data

    with Bar() as bar:
        report = check_data(path, bar)
