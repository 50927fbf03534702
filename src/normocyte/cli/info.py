"""`normocyte info`: what a bundle is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli._door import door


@door
def run(bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")]) -> None:
    """Show what a bundle holds: steps, detector, score, cut, patients, fingerprint."""
    from rich.console import Console
    from rich.table import Table

    from normocyte.workflows.info import info

    table = Table("what", "value", show_header=False)
    for name, value in info(bundle):
        table.add_row(name, value)
    Console().print(table)
