"""The option `--plugins`, which every command that reads a bundle, a configuration or data has."""

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Annotated, Any

import typer

from normocyte.cli.door import door
from normocyte.core.registry import own_parts

NAME = "normocyte"

_Folders = Annotated[
    list[str] | None,
    typer.Option(metavar="DIR", help="Load own parts; this runs their code.", show_default=False),
]


def with_plugins(command: Callable[..., None]) -> Callable[..., None]:
    """The command with one more option, whose parts are loaded before it begins."""
    signature = inspect.signature(command)
    option = inspect.Parameter("plugins", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_Folders)

    @functools.wraps(command)
    def extended(*args: Any, plugins: list[str] | None = None, **kwargs: Any) -> None:
        if plugins:
            _load(plugins)
        command(*args, **kwargs)

    own: Any = extended
    own.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])
    own.__annotations__ = {**command.__annotations__, "plugins": _Folders}
    return extended


def program() -> str:
    """What to type to call this program again: its name, or its place where the terminal does not know it."""
    own = sys.argv[0]
    return own if Path(own).stem == NAME and which(NAME) is None else NAME


def plugins_in_use() -> list[str]:
    """The option with each folder whose parts are loaded, for a command that the user is told of."""
    folders = dict.fromkeys(file.parents[1] for file in own_parts().values())
    return [word for folder in folders for word in ("--plugins", str(folder))]


@door
def _load(plugins: list[str]) -> None:
    from normocyte.cli.show.bar import tell
    from normocyte.core.own.loading import load_own_parts, named_folder

    for folder in plugins:
        tell(*load_own_parts(named_folder(folder)).sentences)
