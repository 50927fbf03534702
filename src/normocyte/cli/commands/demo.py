"""`normocyte demo`: data in, a bundle and a report out."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from normocyte.cli.door import door
from normocyte.cli.options import PatientsOption
from normocyte.cli.plugins import plugins_in_use, program

if TYPE_CHECKING:
    from normocyte.workflows.demo import Demonstrated, SideBySide


@door
def run(
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DATA]",
            help="Folder, zip or CSV manifest of cells, labelled or all healthy. "
            "Default: synthetic cells, as hard as real ones.",
        ),
    ] = None,
    data_option: Annotated[Path | None, typer.Option("--data", hidden=True, help="The same as DATA.")] = None,
    patients: PatientsOption = "",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for bundle and report.")] = Path(
        "normocyte-demo"
    ),
    config: Annotated[
        str | None,
        typer.Option(
            metavar="CONFIG",
            help="Only this recipe: a built-in name or a TOML file. Default: classic and default, "
            "side by side.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Seed. Default: 0, as the first run of compare; with --config, the configuration's.",
        ),
    ] = None,
) -> None:
    """Train the classic autoencoder and the default on healthy cells, and compare what they find.

    The report shows both beside a baseline rule that learns nothing. Run it again after a stop
    and it goes on.
    """
    from normocyte.cli.show.bar import progress_bar, told_copies
    from normocyte.core.files import keep_apart
    from normocyte.pipeline.recipe.recipe import find_recipe
    from normocyte.workflows.demo import Demonstrated, DemoRequest, demo, demo_side_by_side

    data = _one_of(data, data_option)
    recipe = find_recipe(config).seeded(seed) if config is not None else None
    if data is not None:
        keep_apart(out, [data])
    with progress_bar() as bar:
        if recipe is None:
            done = demo_side_by_side(DemoRequest(out, data, patients, seed), bar, told_copies)
        else:
            done = demo(recipe, data, out, bar, told_copies, patients)
    _show(done)
    cells = out / "cells" if data is None else data
    called = [program(), "score", str(cells), "--bundle", str(out / "bundle"), "--output", "scores.csv"]
    called += plugins_in_use()
    typer.echo(f"Bundle: {out / 'bundle'}\nNext:   {shlex.join(called)}")
    if isinstance(done, Demonstrated) and not done.has_anomalies:
        asked = shlex.join(["--out", str(out / "evaluation"), *plugins_in_use()])
        judge = shlex.join([program(), "evaluate", str(out / "bundle"), "FOLDER"])
        typer.echo(
            f"To know how many anomalies it finds, give labelled {done.evaluated.contents.unit}s of other "
            "patients, in the folders "
            f"healthy and anomalous:\n  {judge} {asked}"
        )


def _one_of(data: Path | None, option: Path | None) -> Path | None:
    from normocyte.core.errors import ConfigError

    if data is not None and option is not None:
        raise ConfigError(f"The data are given twice, as {data} and as --data {option}; give them once.")
    return data if data is not None else option


def _show(done: "Demonstrated | SideBySide") -> None:
    """What was found, and what was done otherwise than asked."""
    from normocyte.cli.show.demo import show_methods
    from normocyte.cli.show.summary import show
    from normocyte.workflows.demo import SideBySide

    if isinstance(done, SideBySide):
        show_methods(done)
        return
    show(done.evaluated)
    if done.note:
        typer.echo(done.note)
