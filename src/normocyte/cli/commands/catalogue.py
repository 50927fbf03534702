"""`normocyte list` and `normocyte show`: which configurations and parts there are, and what they do."""

from dataclasses import asdict
from typing import Annotated

import typer

from normocyte.cli.door import door


@door
def list_(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="What to list, such as configs, detectors or terms.", show_default=False
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List configurations, parts or terms with a line on each.

    Without KIND it lists what there is. 'normocyte list terms' explains the
    words of the reports, 'normocyte show CONFIG' shows a configuration in full.
    """
    from normocyte.cli.show.catalogue import show_entries, show_kinds
    from normocyte.core.files import json_text
    from normocyte.workflows.catalogue import entries, kinds

    if kind:
        found = entries(kind)
        content = {"schema": 1, "kind": kind, "entries": [asdict(entry) for entry in found]}
        typer.echo(json_text(content)) if json else show_entries(found)
    else:
        groups = kinds()
        content = {"schema": 1, "kinds": [asdict(group) for group in groups]}
        typer.echo(json_text(content)) if json else show_kinds(groups)


@door
def show(
    config: Annotated[str, typer.Argument(help="Name of a built-in configuration, or a TOML file.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print the TOML file, to make your own from it.")
    ] = False,
) -> None:
    """Show a configuration: each part, what it does, and its fields.

    The parts stand in the order in which an image meets them. Every field is
    shown, with its default where the file does not set it.
    """
    from normocyte.cli.show.catalogue import show_recipe_shown
    from normocyte.core.files import json_text
    from normocyte.workflows.catalogue import show_recipe

    shown = show_recipe(config)
    if json:
        typer.echo(json_text(shown.as_json()))
    elif toml:
        typer.echo(shown.toml, nl=False)
    else:
        show_recipe_shown(shown)
