"""`normocyte draw smear`: whole fields that are drawn, not photographed."""

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
    to: Annotated[Path, typer.Option(help="Folder to write into.")],
    parasitaemia: Annotated[
        float, typer.Option(min=0, max=1, help="Share of red cells with a parasite.")
    ] = 0.01,
    fields: Annotated[int, typer.Option(min=1, help="How many fields.")] = 20,
    width: Annotated[int, typer.Option(help="Pixels of a field from left to right.")] = 1280,
    height: Annotated[int, typer.Option(help="Pixels of a field from top to bottom.")] = 960,
    crowding: Annotated[float, typer.Option(help="Share of a field covered by red cells.")] = 0.4,
    form: Annotated[Form, typer.Option(help="How fields are written.")] = Form.PNG,
    scale_bar: Annotated[bool, typer.Option("--scale-bar", help="Burn a scale bar into each field.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Another seed draws another patient's smear.")] = 0,
) -> None:
    """Draw the fields of a thin smear, with a box for everything that lies in them."""
    from normocyte.cli.show.bar import progress_bar
    from normocyte.datasets.drawing.field_plan import WantedFields
    from normocyte.workflows.data.make import draw_smear

    wanted = WantedFields(parasitaemia, fields, width, height, crowding, seed)
    with progress_bar() as bar:
        done = draw_smear(wanted, to, bar, form.value, scale_bar)
    typer.echo(f"{done.red_cells} red cells in {done.fields} fields in {to}: {done.infected} infected")
