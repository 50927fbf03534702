"""The command `normocyte`.

Every command is always listed, and nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from typing import Annotated

import typer

from normocyte.cli.commands import (
    adapt,
    calibrate,
    compare,
    data_check,
    data_download,
    data_make,
    demo,
    draw_smear,
    evaluate,
    info,
    monitor,
    score,
    smear,
    train,
)
from normocyte.cli.door import door
from normocyte.core.version import __version__

app = typer.Typer(
    name="normocyte",
    help="Learns what healthy cells look like and flags what does not fit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data = typer.Typer(help="Get, check and make image data.", no_args_is_help=True)
app.add_typer(data, name="data")
draw = typer.Typer(help="Draw images.", no_args_is_help=True)
app.add_typer(draw, name="draw")

for name, module in (
    ("demo", demo),
    ("train", train),
    ("evaluate", evaluate),
    ("compare", compare),
    ("score", score),
    ("smear", smear),
    ("adapt", adapt),
    ("calibrate", calibrate),
    ("monitor", monitor),
    ("info", info),
):
    app.command(name)(module.run)
for name, module in (("download", data_download), ("check", data_check), ("make", data_make)):
    data.command(name)(module.run)
draw.command("smear")(draw_smear.run)


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
    app()
