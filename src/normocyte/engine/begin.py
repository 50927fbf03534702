"""How the processes of a pool begin. It imports nothing heavy: a server may be begun before all else."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_MARK = "normocyte."


def context_of(module: str) -> BaseContext:
    """The way to begin processes whose task is of this module.

    On Linux a server process imports the module once, when the first process is begun, and each process is a
    copy of it; it ends with this process. Elsewhere each process imports everything anew.
    """
    if sys.platform != "linux":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([module] if module.startswith(_MARK) and _is_found_alike() else [])
    return context


def begin_server(module: str) -> None:
    """Begin that server process now, so that it imports while this one does."""
    if sys.platform == "linux":
        from multiprocessing.forkserver import ensure_running

        context_of(module)
        with deaf_to_ctrl_c():
            ensure_running()


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
