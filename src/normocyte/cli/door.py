"""What every command shares: errors become one sentence and an exit status, progress becomes a bar."""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from io import TextIOWrapper
from typing import ParamSpec

from normocyte.core.cancel import CancelToken, Stopped, on_ctrl_c
from normocyte.core.errors import (
    BundleError,
    ConfigError,
    DatasetError,
    Interrupted,
    MissingExtraError,
    NormocyteError,
    OutputError,
    spell_fields,
)
from normocyte.core.names.hidden import SHOWN
from normocyte.core.own.faults import OwnPartsNamed
from normocyte.core.progress import told_by

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
    """Run a command; its number is the exit status, its NormocyteError one sentence on standard error.

    Where the sentence names a field that the command has as an option, it shows the flag of that option.
    """
    options = {*inspect.signature(command).parameters, "plugins"}  # cli/plugins.py adds that one

    @functools.wraps(command)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        status = status_of(functools.partial(command, *args, **kwargs), options)
        if status:
            from typer import Exit

            raise Exit(status)

    return guarded


def status_of(command: Callable[[], int | None], options: Collection[str]) -> int:
    """The exit status of a command that runs now; its NormocyteError is one sentence on standard error."""
    _take_any_name(sys.stdout, sys.stderr)
    token = CancelToken()
    try:
        with on_ctrl_c(token, also_terminated=True), token.active(), told_by(_tell), OwnPartsNamed():
            status = command() or 0
        sys.stdout.flush()  # here a full disk still gets a sentence
    except NormocyteError as error:
        _say(with_flags(error.message, options), is_error=not isinstance(error, Interrupted))
        return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), FAILED)
    except (Stopped, KeyboardInterrupt):
        return _stopped()
    except OSError as error:
        return _refused_by_system(error)
    except Exception:
        if not token.is_set:
            raise
        return _stopped()  # a compiled library that was being imported makes an error of its own of Ctrl-C
    return status


def _stopped() -> int:
    _say(str(Stopped()), is_error=False)
    return STOPPED


def with_flags(message: str, options: Collection[str]) -> str:
    """The message with the flag of each of these options where it names the field: --new-stain."""

    def flag(name: str, value: str) -> str:
        if name not in options:
            return ""
        written = f"--{name.replace('_', '-')}"
        return written if value in ("", "True") else f"{written} {value}"

    return spell_fields(message, flag)


def _take_any_name(*streams: object) -> None:
    """File names that are no UTF-8, and letters that the screen lacks, are spelled out instead of refused."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=SHOWN)


def _refused_by_system(error: OSError) -> int:
    """An error of the system without a sentence of ours, such as a full disk or a closed pipe."""
    with suppress(OSError):
        sys.stdout.close()
    if isinstance(error, BrokenPipeError):  # the reader of our output went away, as `head` does
        return 0
    reason = error.strerror or str(error)
    _say(f"Cannot use {error.filename or 'standard output'}: {reason}. Check the place.", is_error=True)
    return USAGE


def _tell(sentence: str) -> None:
    _say(sentence, is_error=False)


def _say(sentence: str, is_error: bool) -> None:
    import typer  # only then: a verdict does not wait for it

    is_plain = bool(os.environ.get("NO_COLOR"))
    shown = "Error:" if is_plain else typer.style("Error:", fg=typer.colors.RED, bold=True)
    word = f"{shown} " if is_error else ""
    typer.echo(f"{word}{sentence}", err=True)
