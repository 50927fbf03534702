"""`normocyte info`: what a bundle is."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door
from normocyte.pipeline.bundle.folder import DEFAULT


@door
def run(
    bundle: Annotated[
        Path, typer.Argument(help="Folder of the bundle, or shipped for the built-in one.")
    ] = DEFAULT,
) -> None:
    """Show the parts, threshold, patients and fingerprint of a bundle."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from normocyte.workflows.info import info

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in info(bundle):
        table.add_row(name, Text(value))
    Console().print(table)
