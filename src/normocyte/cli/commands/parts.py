"""`normocyte parts`: own parts, from a folder outside of Normocyte."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door

_SCREEN = Path("-")


@door
def check(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Folder of own parts. Their code is run.")],
    data: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Small data set for own readers of data sets.", show_default=False),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(
            "--json", metavar="FILE", help="Also write the findings as JSON; - prints JSON instead."
        ),
    ] = None,
) -> int:
    """Check own parts with the tests that every built-in part of the kind passes.

    Exit status 1 when a part fails.
    """
    from normocyte.cli.show.bar import progress_bar
    from normocyte.cli.show.own_parts import show
    from normocyte.core.files import json_text, write_json
    from normocyte.core.own.loading import named_folder
    from normocyte.workflows.parts import check_parts

    with progress_bar() as bar:
        checked = check_parts(named_folder(folder), data, bar)
    if json == _SCREEN:
        typer.echo(json_text(checked.as_json()))
    else:
        show(checked)
        if json:
            write_json(json, checked.as_json())
    return 0 if checked.is_sound else FAILED
