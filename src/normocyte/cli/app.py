"""The command `normocyte`.

Every command is always listed, and nothing heavy is imported before it is needed.
"""

import gc
from typing import Annotated

import typer

from normocyte.cli.commands import (
    adapt,
    calibrate,
    compare,
    data,
    demo,
    draw_smear,
    evaluate,
    info,
    monitor,
    parts,
    score,
    smear,
    train,
)
from normocyte.cli.door import door
from normocyte.cli.plugins import with_plugins
from normocyte.core.version import __version__

_OBJECTS = 50_000
"""So many new objects are made before unused ones are looked for: imports make very many."""

app = typer.Typer(
    name="normocyte",
    help="Learns what healthy cells look like and flags what does not fit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="Get, check and make image data.", no_args_is_help=True)
app.add_typer(data_app, name="data")
parts_app = typer.Typer(help="Check own parts.", no_args_is_help=True)
app.add_typer(parts_app, name="parts")
draw_app = typer.Typer(help="Draw images.", no_args_is_help=True)
app.add_typer(draw_app, name="draw")

for module in (demo, train, evaluate, compare, score, smear, adapt, calibrate, monitor, info):
    app.command(module.__name__.rpartition(".")[2])(with_plugins(module.run))
for command in (data.download, with_plugins(data.check), data.make):
    data_app.command(command.__name__)(command)
parts_app.command("check")(parts.check)
draw_app.command("smear")(draw_smear.run)


@door
def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"normocyte {__version__}")
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Learns what healthy cells look like and flags what does not fit."""


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_OBJECTS)
    app()
