"""How the processes of a pool begin. It imports nothing heavy."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from normocyte.core.cancel import TERMINATIONS

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

_PACKAGE = Path(__file__).parents[1]
_MARK = "normocyte."
MOST_THREADED = 1200
"""From so many images on processes are sooner done: they start later, but none waits for another's Python."""

_is_alone: ContextVar[bool] = ContextVar("_is_alone", default=False)


@contextlib.contextmanager
def as_a_program() -> Iterator[None]:
    """A block that is the whole work of this process: nobody else has threads, locks or open files in it.

    On Linux workers that begin here, before a second thread of Python does, are copies of this process.
    """
    before = _is_alone.set(True)
    try:
        yield
    finally:
        _is_alone.reset(before)


def may_copy_this_process() -> bool:
    """Whether workers that begin now may be copies of this process, with all that it has made."""
    return sys.platform == "linux" and _is_alone.get() and threading.active_count() == 1


def context_of(module: str) -> BaseContext:
    """The way to begin processes whose task is of this module.

    In `as_a_program` on Linux each is a copy of this one. Elsewhere on Linux a server process imports the
    module once, when the first process is begun, and each process is a copy of it; it ends with this process.
    On other systems each process imports everything anew.
    """
    from multiprocessing import get_context

    if sys.platform != "linux":
        return get_context("spawn")
    if may_copy_this_process():
        return get_context("fork")
    context = get_context("forkserver")
    context.set_forkserver_preload([module] if module.startswith(_MARK) and _is_found_alike() else [])
    return context


def holds_many(path: Path) -> bool:
    """Whether a folder surely holds a job for processes, told without listing it."""
    with contextlib.suppress(OSError), os.scandir(path) as entries:
        return any(True for _ in itertools.islice(entries, MOST_THREADED - 1, None))
    return False


def _is_found_alike() -> bool:
    """Whether the server, which looks into the working folder first, would find this same package."""
    here = Path.cwd() / _PACKAGE.name
    return not here.exists() or here.samefile(_PACKAGE)


@contextlib.contextmanager
def deaf_to_ends(*, also_terminated: bool = False) -> Iterator[None]:
    """Processes begun in this block never hear Ctrl-C, not even at their start; the parent does, after it.

    Nor, where asked, what ends a program: a copy of this process would run this one's handler. It has to hear
    it again by `hear_the_end`.
    """
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    ends = (signal.SIGINT, *TERMINATIONS) if also_terminated else (signal.SIGINT,)
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def hear_the_end(told: Callable[[], None]) -> None:
    """In a worker: what ends a program calls `told` in a thread of its own.

    Whatever handler the process had that it copies, and whatever its main thread is at. What was ignored
    there, as with nohup, stays ignored.
    """
    if not hasattr(signal, "sigwait"):  # as on Windows
        return
    heard = {number for number in TERMINATIONS if signal.getsignal(number) is not signal.SIG_IGN}
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)  # in all threads, or it would end the process at once
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*TERMINATIONS} - heard)
    if heard:
        threading.Thread(target=_listen, args=(heard, told), daemon=True).start()


def _listen(heard: set[signal.Signals], told: Callable[[], None]) -> None:
    signal.sigwait(heard)
    told()
