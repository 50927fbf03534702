"""What goes on in a process of a pool: its start, its end with its parent, and the task that it is at."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from normocyte.core.own.faults import OwnPartsNamed
from normocyte.core.registry import PartKey, add_own_parts
from normocyte.engine.begin import hear_the_end

Result = TypeVar("Result")
Job = TypeVar("Job")


def begin(own: dict[PartKey, Path], number: int, task: bytes | Callable[[Any], Any]) -> None:
    """Take over own parts and the task of the first job, and begin to watch the parent.

    The task comes pickled, but to a copy of the parent, which has it.
    """
    add_own_parts(own)  # what the tasks hold may be of them
    if isinstance(task, bytes):
        _first[number] = task
    else:
        _held[number] = task
    hear_the_end(_end_soon)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends the pool
    threading.Thread(target=_end_with_parent, daemon=True).start()
    keep_the_heap()


def _end_soon() -> None:
    """End, but not within a result that is under way: the parent would wait for the rest of it for ever."""
    _is_ending.set()
    time.sleep(_SENDING_S)
    os._exit(1)


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent:
        parent.join()
    os._exit(1)


def keep_the_heap() -> None:
    """Free one large array, so that glibc keeps memory instead of giving it back at every image."""
    np.empty(25_000_000, np.uint8)


_SENDING_S = 1.0
"""A result that is under way is surely whole after this time."""
_is_ending = threading.Event()
"""In a process of a pool: it was told to end, and sends nothing any more."""

_held: dict[int, Callable[[Any], Any]] = {}
"""In a process of a pool: the task that it is at, so that what the task builds up is kept between chunks."""
_first: dict[int, bytes] = {}
"""In a process of a pool: the task of its first job, pickled, so that it does not come with every chunk."""


def _sent_first(number: int) -> Callable[[Any], Any]:
    from multiprocessing.reduction import ForkingPickler

    return ForkingPickler.loads(_first[number])  # type: ignore[no-any-return]


def run(number: int, task: Callable[[Job], Result] | None, chunk: Job) -> Result:
    """In a process of a pool: the result of a chunk, by the first copy of the task that came."""
    with OwnPartsNamed():  # the trace does not travel to the other process
        if number not in _held:
            _held.clear()
            _held[number] = _sent_first(number) if task is None else task
        result: Result = _held[number](chunk)
    if _is_ending.is_set():
        os._exit(1)
    return result
