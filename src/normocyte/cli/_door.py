"""What every command shares: errors become one sentence and an exit status, progress becomes a bar."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec

import typer

from normocyte.core.errors import (
    BundleError,
    ConfigError,
    DatasetError,
    Interrupted,
    MissingExtraError,
    NormocyteError,
    OutputError,
)

FAILED = 1
USAGE = 2
STOPPED = 130

STATUS: dict[type[NormocyteError], int] = {
    ConfigError: USAGE,
    DatasetError: USAGE,
    BundleError: USAGE,
    OutputError: USAGE,
    MissingExtraError: USAGE,
    Interrupted: STOPPED,
}
"""What the user must change is a usage error, 2; what went wrong on the way is 1."""

Arguments = ParamSpec("Arguments")


def door(command: Callable[Arguments, int | None]) -> Callable[Arguments, None]:
    """Run a command; its number is the exit status, its NormocyteError one sentence on standard error."""

    @functools.wraps(command)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            status = command(*args, **kwargs) or 0
        except NormocyteError as error:
            _say(str(error), is_error=not isinstance(error, Interrupted))
            status = STATUS.get(type(error), FAILED)
        except KeyboardInterrupt:
            _say("Stopped. Files that were not whole yet are gone, all others are kept.", is_error=False)
            status = STOPPED
        except BrokenPipeError:  # the reader of our output went away, as `head` does
            with suppress(OSError):
                sys.stdout.close()
            status = 0
        if status:
            raise typer.Exit(status)

    return guarded


def _say(sentence: str, is_error: bool) -> None:
    word = typer.style("Error:", fg=typer.colors.RED, bold=True) + " " if is_error else ""
    typer.echo(f"{word}{sentence}", err=True)
