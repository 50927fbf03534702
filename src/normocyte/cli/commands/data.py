"""`normocyte data`: public image sets, what is in a set and wrong with it, and images that are drawn."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.commands.options import PatientsOption
from normocyte.cli.door import FAILED, door

_SCREEN = Path("-")


class Downloaded(enum.StrEnum):
    """What can be downloaded."""

    NIH_MALARIA = "nih-malaria"


class Made(enum.StrEnum):
    """What can be made."""

    SYNTHETIC = "synthetic"


class Difficulty(enum.StrEnum):
    """How hard synthetic cells are."""

    PLAIN = "plain"
    REAL = "real"


@door
def download(
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


@door
def check(
    path: Annotated[Path, typer.Argument(metavar="DIR", help="Folder, zip or CSV manifest.")],
    patients: PatientsOption = "",
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
        report = check_data(path, bar, patients)
    if json == _SCREEN:
        typer.echo(json_text(report.as_json()))
    else:
        show(report)
        if json:
            write_json(json, report.as_json())
    return FAILED if report.unreadable else 0


@door
def make(
    kind: Annotated[Made, typer.Argument(help="What to make.")],  # noqa: ARG001 - there is one so far
    to: Annotated[Path, typer.Option(help="Folder to write into.")],
    cells: Annotated[int, typer.Option(min=1, help="How many cells.")] = 2400,
    patients: Annotated[int, typer.Option(min=1, help="How many patients.")] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Another seed draws other cells.")] = 0,
    difficulty: Annotated[
        Difficulty,
        typer.Option(help="real: with specks, pale parasites and odd shapes as often as in real smears."),
    ] = Difficulty.PLAIN,
) -> None:
    """Draw a set of thin-smear cells in the layout of the NIH set."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.workflows.data.make import make_synthetic

    with progress_bar() as bar:
        records = make_synthetic(to, cells, patients, seed, bar, difficulty.value)
    infected = sum(record.label for record in records)
    typer.echo(
        f"{len(records)} cells of {patients} patients in {to}: {len(records) - infected} healthy, "
        f"{infected} infected"
    )
