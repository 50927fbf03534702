"""How the processes of a pool begin. It imports nothing heavy: a server may be begun before all else."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

_PACKAGE = Path(__file__).parents[1]
_MARK = "normocyte."
MOST_THREADED = 1200
"""From so many images on processes are sooner done: they start later, but none waits for another's Python."""


def context_of(module: str) -> BaseContext:
    """The way to begin processes whose task is of this module.

    On Linux a server process imports the module once, when the first process is begun, and each process is a
    copy of it; it ends with this process. Elsewhere each process imports everything anew.
    """
    from multiprocessing import get_context

    if sys.platform != "linux":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([module] if module.startswith(_MARK) and _is_found_alike() else [])
    return context


def begin_early(paths: Sequence[Path], workers: int, module: str) -> None:
    """Begin that server now where a folder surely holds a large job, so that both import at a time."""
    is_shared = (workers or os.cpu_count() or 1) > 1
    if is_shared and sys.platform == "linux" and any(map(_holds_many, paths)):
        from multiprocessing import forkserver, resource_tracker

        context_of(module)
        resource_tracker.ensure_running()  # not in the block: it would make the process hear Ctrl-C again
        with deaf_to_ctrl_c():
            forkserver.ensure_running()


def _holds_many(path: Path) -> bool:
    with contextlib.suppress(OSError), os.scandir(path) as entries:
        return any(True for _ in itertools.islice(entries, MOST_THREADED - 1, None))
    return False


def _is_found_alike() -> bool:
    """Whether the server, which looks into the working folder first, would find this same package."""
    here = Path.cwd() / _PACKAGE.name
    return not here.exists() or here.samefile(_PACKAGE)


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes begun in this block never hear Ctrl-C, not even at their start; the parent does, after it."""
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)
