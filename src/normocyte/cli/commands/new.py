"""`normocyte new`: healthy images of anything in, a detector and a report out."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from normocyte.cli.door import door
from normocyte.cli.options import PatientsOption
from normocyte.cli.plugins import plugins_in_use, program

if TYPE_CHECKING:
    from normocyte.results.new import Choices


@door
def run(
    name: Annotated[Path, typer.Argument(metavar="NAME", help="Folder of the new detector.")],
    healthy: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder, zip or CSV manifest of healthy images.")
    ],
    anomalous: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR", help="The same of anomalous images, to judge the result by. May be repeated."
        ),
    ] = None,
    patients: PatientsOption = "",
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Decides what is drawn by chance.")] = 7,
) -> None:
    """Make a detector from healthy images of anything.

    It looks at the images, chooses how to learn from them and says why, learns, sets a threshold and writes a
    report. Anomalous images are used to judge the result, never to learn. Run it again after a stop
    and it goes on.
    """
    from normocyte.cli.show.bar import progress_bar, told_copies
    from normocyte.cli.show.summary import show
    from normocyte.core.files import keep_apart
    from normocyte.workflows.new.new import NewRequest, new

    given = [healthy, *(anomalous or [])]
    keep_apart(name, given)
    with progress_bar() as bar:
        done = new(
            NewRequest(name, healthy, tuple(given[1:]), patients, seed), bar, told_copies, _tell_choices
        )
    show(done.evaluated)
    if done.note:
        typer.echo(done.note)
    called = [program(), "score", str(given[-1]), "--bundle", str(done.bundle), "--output", "scores.csv"]
    called += plugins_in_use()
    typer.echo(f"Recipe: {done.folder / 'recipe.toml'}\nBundle: {done.bundle}\nNext:   {shlex.join(called)}")


def _tell_choices(choices: "Choices") -> None:
    """One line a choice."""
    from normocyte.cli.show.bar import tell

    tell(*(f"{one.what}: {one.value}. {one.reason[:1].upper()}{one.reason[1:]}." for one in choices.choices))
    tell(choices.promise)
