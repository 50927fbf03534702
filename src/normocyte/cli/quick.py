"""Where the program begins: a plain call of `score` or `smear` runs at once, all else goes through Typer.

Typer takes longer to import than a verdict takes. What is not understood here, and every mistake, is its.
"""

import atexit
import functools
import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from normocyte.cli.streams import prepare
from normocyte.core.cancel import Stopped

_NAME = "normocyte"
_STOPPED = 130
_STANDARD_ERROR = 2
_OBJECTS = 50_000
"""So many new objects are made before unused ones are looked for: imports make very many."""

Convert = Callable[[str], Any]
_NUMBER, _COUNT = re.compile(r"\d*\.?\d+(e-?\d+)?"), re.compile(r"\d+")


def _number(word: str) -> float:
    if not _NUMBER.fullmatch(word):
        raise ValueError(word)
    return float(word)


def _count(word: str) -> int:
    if not _COUNT.fullmatch(word):
        raise ValueError(word)
    return int(word)


QUICK: dict[str, tuple[str, dict[str, Convert | None]]] = {
    "score": (
        "paths",
        {
            "bundle": Path,
            "output": Path,
            "maps": Path,
            "false_positive_rate": _number,
            "false_discovery_rate": _number,
            "listed_by": str,
            "own_null": None,
            "quality": None,
            "workers": _count,
        },
    ),
    "smear": (
        "photos",
        {
            "out": Path,
            "bundle": Path,
            "false_positive_rate": _number,
            "limit": _number,
            "sensitivity": _number,
            "red_cells": _number,
            "plan": _number,
            "boxes": Path,
            "by": str,
            "review": Path,
            "patient": str,
            "date": str,
            "slide": str,
            "operator": str,
            "language": str,
            "workers": _count,
        },
    ),
}
"""For each command the name of its arguments, and what makes the value of each option; None for a flag."""


def understood(words: Sequence[str]) -> dict[str, Any] | None:
    """The values of a plain call, by the names of the command's parameters; None where it is none."""
    if not words or words[0] not in QUICK or os.name == "nt":  # there Typer expands stars
        return None
    many, options = QUICK[words[0]]
    values: dict[str, Any] = {many: []}
    rest = iter(words[1:])
    try:
        for word in rest:
            if word.startswith("-"):
                values.update(_option(word, rest, options))
            else:
                values[many].append(Path(word))
    except (KeyError, ValueError, StopIteration):
        return None
    return values if values[many] else None


def _option(word: str, rest: Any, options: dict[str, Convert | None]) -> dict[str, Any]:
    """One option with its value; KeyError, ValueError or StopIteration where Typer has to look at it."""
    name, _, value = word.partition("=")
    if not name.startswith("--") or "_" in name:
        raise KeyError(name)
    field = name[2:].replace("-", "_")
    convert = options[field]
    if convert is None:
        if "=" in word:
            raise ValueError(word)
        return {field: True}
    value = value if "=" in word else next(rest)
    if value.startswith("-"):
        raise ValueError(value)
    return {field: convert(value)}


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_OBJECTS)
    prepare()
    try:
        status = _status(sys.argv[1:])
        if status is not None:
            _leave(status)
        sys.exit()
    finally:
        gc.freeze()  # the process ends without looking through all that was imported


def _leave(status: int) -> NoReturn:
    """End the process at once: handlers run and streams are flushed, but nothing is taken apart.

    A script that calls this program goes on after it, and a process with other threads ends as usual.
    """
    if _is_the_program() and threading.active_count() == 1:
        atexit._run_exitfuncs()
        with suppress(OSError, ValueError, AttributeError):  # else it ends as usual, which says why
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    sys.exit(status)


def _is_the_program() -> bool:
    """Whether this process was begun as `normocyte` or `python -m normocyte`."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    return spec.name == "normocyte.__main__" if spec else Path(getattr(main, "__file__", "")).stem == _NAME


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """In this block nothing is begun yet, as in an import: Ctrl-C ends the process there and then."""

    def end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what a signal handler gets
        with suppress(OSError):
            os.write(_STANDARD_ERROR, f"{Stopped()}\n".encode())
        os._exit(_STOPPED)

    before = signal.getsignal(signal.SIGINT)
    is_usual = before in (signal.default_int_handler, signal.SIG_DFL)  # the second is of __main__
    is_ours = is_usual and threading.current_thread() is threading.main_thread()
    if is_ours:
        signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _status(words: Sequence[str]) -> int | None:
    """Run the command; gives its exit status, None where Typer ran it."""
    values = understood(words)
    if values is None:
        with _ending_at_once():
            from normocyte.cli.app import main as with_typer

        with_typer()
        return None
    with _ending_at_once():
        from normocyte.cli.door import status_of

        command = import_module(f"normocyte.cli.work.{words[0]}").run
    return status_of(functools.partial(command, **values), {*values, *QUICK[words[0]][1], "plugins"})
