"""`normocyte data download`: public image sets."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


class Downloaded(enum.StrEnum):
    """What can be downloaded."""

    NIH_MALARIA = "nih-malaria"


@door
def run(
    kind: Annotated[Downloaded, typer.Argument(help="What to download.")],  # noqa: ARG001 - there is one so far
    to: Annotated[Path, typer.Option(help="Folder to put the zip into.")] = Path(),
    url: Annotated[str, typer.Option(help="Another address. Default: the official one.")] = "",
) -> None:
    """Download an image set; a download that was cut goes on where it stopped."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.workflows.data.make import NIH_URL, download_nih

    with progress_bar() as bar:
        path = download_nih(to, url or NIH_URL, bar)
    typer.echo(f"Downloaded: {path}   (next: normocyte data check {path})")
