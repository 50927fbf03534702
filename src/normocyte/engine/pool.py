"""Spreads work on many images over the cores, in chunks, in order, and stops cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

import numpy as np

from normocyte.core.errors import NormocyteError
from normocyte.core.progress import Progress
from normocyte.core.stopping import stopping_safely
from normocyte.core.types import Source

Result = TypeVar("Result")
Task = Callable[[Sequence[Source]], Result]

CHUNK = 128
WORTH_A_POOL = 768
"""Below this many images the start of the processes costs more than they save."""
_AHEAD = 4

_task: Callable[[Sequence[Source]], Any]


def over_chunks(
    task: Task[Result],
    sources: Sequence[Source],
    progress: Progress,
    workers: int = 0,
    size: int = CHUNK,
) -> Iterator[Result]:
    """The task's result for each chunk of so many sources, in order; `workers` = 0 takes one process a core.

    The task must be picklable and catch what may be wrong with a single image. Ctrl-C takes effect after a
    chunk, a second one at once. NormocyteError when a process dies.
    """
    chunks = [sources[start : start + size] for start in range(0, len(sources), size)]
    count = min(workers or os.cpu_count() or 1, len(chunks))
    _keep_the_heap()
    results = (
        _pooled(task, chunks, count)
        if count > 1 and _is_worth_it(len(sources) * CHUNK // size, workers)
        else map(task, chunks)
    )
    with stopping_safely() as stop:  # an interrupt while processes start or hand over can hang the pool
        for chunk, result in zip(chunks, results, strict=True):
            progress.advance(len(chunk))
            yield result
            stop.check()


def _is_worth_it(cells: int, workers: int) -> bool:
    """A source of a smaller chunk is as much work as several of a full one."""
    return workers > 1 or cells >= WORTH_A_POOL


def _pooled(task: Task[Result], chunks: Sequence[Sequence[Source]], count: int) -> Iterator[Result]:
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(task,))
    waiting: deque[Future[Result]] = deque()
    try:
        for chunk in chunks:
            with _deaf_to_ctrl_c():  # the pool begins its processes when they are first needed
                waiting.append(pool.submit(_run, chunk))
            if len(waiting) > _AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise NormocyteError(
            f"One of {count} worker processes died, most likely for lack of memory. Free some, or keep "
            "normocyte score to one with --workers 1."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes begun in this block never hear Ctrl-C, not even at their start; the parent does, after it."""
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def _begin(task: Callable[[Sequence[Source]], Any]) -> None:
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends the pool
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _keep_the_heap()
    _task = task


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent = parent_process()
    if parent:
        parent.join()
    os._exit(1)


def _keep_the_heap() -> None:
    """Free one large array, so that glibc keeps memory instead of giving it back at every image."""
    np.empty(25_000_000, np.uint8)


def _run(chunk: Sequence[Source]) -> Any:
    return _task(chunk)
