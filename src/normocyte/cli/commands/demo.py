"""`normocyte demo`: data in, a bundle and a report out."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.commands.options import PatientsOption
from normocyte.cli.door import door
from normocyte.cli.plugins import plugins_in_use


@door
def run(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Folder, zip or CSV manifest of cells, labelled or all healthy. Default: synthetic cells.",
        ),
    ] = None,
    patients: PatientsOption = "",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for bundle and report.")] = Path(
        "normocyte-demo"
    ),
    config: Annotated[
        str, typer.Option(metavar="CONFIG", help="Name of a configuration, or a TOML file.")
    ] = "default",
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Seed instead of the configuration's.")
    ] = None,
) -> None:
    """Train, calibrate and test on example data, and write a report."""
    from normocyte.cli.show.bar import progress_bar, told_copies
    from normocyte.cli.show.summary import show
    from normocyte.core.files import keep_apart
    from normocyte.pipeline.recipe.recipe import find_recipe
    from normocyte.workflows.demo import demo

    recipe = find_recipe(config).seeded(seed)
    if data is not None:
        keep_apart(out, [data])
    with progress_bar() as bar:
        done = demo(recipe, data, out, bar, told_copies, patients)
    show(done.evaluated)
    if done.note:
        typer.echo(done.note)
    cells = out / "cells" if data is None else data
    called = ["normocyte", "score", str(cells), "--bundle", str(out / "bundle"), "--output", "scores.csv"]
    called += plugins_in_use()
    typer.echo(f"Bundle: {out / 'bundle'}\nNext:   {shlex.join(called)}")
    if not done.evaluated.contents.has_anomalies:
        asked = shlex.join(["--out", str(out / "evaluation"), *plugins_in_use()])
        typer.echo(
            f"To know how many anomalies it finds, give labelled {done.evaluated.contents.unit}s of other "
            "patients, in the folders "
            f"healthy and anomalous:\n  normocyte evaluate {shlex.quote(str(out / 'bundle'))} FOLDER {asked}"
        )
