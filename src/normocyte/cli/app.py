"""The command `normocyte`.

Every command is always listed, and nothing heavy is imported before it is needed.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from normocyte.cli.commands import (
    adapt,
    batch,
    calibrate,
    catalogue,
    compare,
    data,
    demo,
    draw_smear,
    evaluate,
    info,
    monitor,
    new,
    parts,
    score,
    smear,
    train,
)
from normocyte.cli.door import door
from normocyte.cli.plain_help import PlainCommand, PlainGroup
from normocyte.cli.plugins import with_plugins
from normocyte.core.version import __version__

_USE, _LEARN, _SITE, _MORE = "Use a bundle", "Train and test", "Your own site", "Data and parts"

app = typer.Typer(
    name="normocyte",
    cls=PlainGroup,
    help="Learns what healthy cells look like and flags the unusual ones.",
    epilog="'normocyte list terms' explains the words that reports and help pages use.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(cls=PlainGroup, help="Download, check or make sets of images.", no_args_is_help=True)
parts_app = typer.Typer(cls=PlainGroup, help="Check own parts.", no_args_is_help=True)
draw_app = typer.Typer(cls=PlainGroup, help="Make synthetic photos of smears.", no_args_is_help=True)


def _add(group: typer.Typer, name: str, command: Callable[..., None], panel: str | None = None) -> None:
    group.command(name, cls=PlainCommand, rich_help_panel=panel)(command)


for module, panel in (
    (score, _USE),
    (smear, _USE),
    (monitor, _USE),
    (batch, _USE),
    (info, _USE),
    (new, _LEARN),
    (demo, _LEARN),
    (train, _LEARN),
    (evaluate, _LEARN),
    (compare, _LEARN),
    (calibrate, _SITE),
    (adapt, _SITE),
):
    _add(app, module.__name__.rpartition(".")[2], with_plugins(module.run), panel)
_add(app, "summarise", with_plugins(batch.summarise), _USE)
_add(app, "list", with_plugins(catalogue.list_), _MORE)
_add(app, "show", with_plugins(catalogue.show), _MORE)
for name, group in (("data", data_app), ("draw", draw_app), ("parts", parts_app)):
    app.add_typer(group, name=name, rich_help_panel=_MORE)
_add(data_app, "download", data.download)
_add(data_app, "check", with_plugins(data.check))
_add(data_app, "make", data.make)
_add(draw_app, "smear", draw_smear.run)
_add(parts_app, "check", parts.check)


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
    """Learns what healthy cells look like and flags the unusual ones."""


def main() -> None:
    """Run a command, whichever it is."""
    app()
