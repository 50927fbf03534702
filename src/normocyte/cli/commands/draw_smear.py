"""`normocyte draw smear`: synthetic photos of whole fields."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


class Form(enum.StrEnum):
    """How fields are written."""

    PNG = "png"
    JPG = "jpg"


@door
def run(
    to: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write into.")],
    parasitaemia: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="SHARE", help="Share of red cells with a parasite."),
    ] = 0.01,
    fields: Annotated[int, typer.Option(min=1, metavar="N", help="Number of fields.")] = 20,
    width: Annotated[int, typer.Option(metavar="N", help="Width of a field in pixels.")] = 1280,
    height: Annotated[int, typer.Option(metavar="N", help="Height of a field in pixels.")] = 960,
    crowding: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of a field covered by red cells.")
    ] = 0.4,
    form: Annotated[Form, typer.Option(help="File format of the fields.")] = Form.PNG,
    scale_bar: Annotated[bool, typer.Option("--scale-bar", help="Draw a scale bar into each field.")] = False,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; another one gives another smear.")] = 0,
) -> None:
    """Make synthetic photos of a thin smear, with a box for each object."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.datasets.drawing.field_plan import WantedFields
    from normocyte.workflows.data.make import draw_smear

    wanted = WantedFields(parasitaemia, fields, width, height, crowding, seed)
    with progress_bar() as bar:
        done = draw_smear(wanted, to, bar, form.value, scale_bar)
    typer.echo(f"{done.red_cells} red cells in {done.fields} fields in {to}: {done.infected} infected")
