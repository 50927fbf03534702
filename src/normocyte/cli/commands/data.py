"""`normocyte data`: public image sets, what is in a set and wrong with it, and synthetic images."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door
from normocyte.cli.options import PatientsOption

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
    kind: Annotated[Downloaded, typer.Argument(help="The image set: nih-malaria.")],  # noqa: ARG001 - there is one so far
    to: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the zip.")] = Path(),
    url: Annotated[str, typer.Option(metavar="URL", help="Another address. Default: the official one.")] = "",
) -> None:
    """Download an image set; after an interruption it goes on where it stopped."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.workflows.data.make import NIH_URL, download_nih

    with progress_bar() as bar:
        path = download_nih(to, url or NIH_URL, bar)
    typer.echo(f"Downloaded: {path}   (next: normocyte data check {path})")


@door
def check(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder, zip or CSV manifest.")],
    patients: PatientsOption = "",
    json: Annotated[
        Path | None,
        typer.Option(
            "--json", metavar="FILE", help="Also write the findings as JSON; - prints JSON instead."
        ),
    ] = None,
) -> int:
    """Check a set: count cells and patients, find bad files and duplicates.

    It also finds doubtful labels. Exit status 1 when a file is unreadable.
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
    kind: Annotated[Made, typer.Argument(help="The kind of cells: synthetic.")],  # noqa: ARG001 - there is one so far
    to: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write into.")],
    cells: Annotated[int, typer.Option(min=1, metavar="N", help="Number of cells.")] = 2400,
    patients: Annotated[int, typer.Option(min=1, metavar="N", help="Number of patients.")] = 24,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; another one gives other cells.")] = 0,
    difficulty: Annotated[
        Difficulty,
        typer.Option(
            metavar="NAME",
            help="plain, or real: specks, pale parasites and odd shapes as often as in real smears.",
        ),
    ] = Difficulty.PLAIN,
) -> None:
    """Make synthetic cells of thin smears in the layout of the NIH set."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.workflows.data.make import make_synthetic

    with progress_bar() as bar:
        records = make_synthetic(to, cells, patients, seed, bar, difficulty.value)
    infected = sum(record.label for record in records)
    typer.echo(
        f"{len(records)} cells of {patients} patients in {to}: {len(records) - infected} healthy, "
        f"{infected} infected"
    )
