"""Spreads work on many images over the cores, in chunks, in order, and stops cleanly; reads a chunk."""

import contextlib
import gc
import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextvars import ContextVar
from types import TracebackType
from typing import Self, TypeVar

from normocyte.core.cancel import CancelToken, current
from normocyte.core.errors import ImageError, NormocyteError
from normocyte.core.inputs.stored import StoredImage
from normocyte.core.progress import Progress
from normocyte.core.registry import own_parts
from normocyte.core.types import Image8, Source
from normocyte.engine.begin import MOST_THREADED, deaf_to_ends, may_copy_this_process
from normocyte.engine.script import check_main, died
from normocyte.engine.worker import begin, keep_the_heap, run
from normocyte.images.reading import read_each
from normocyte.images.stored import read_each_stored

Result = TypeVar("Result")
Job = TypeVar("Job")
Task = Callable[[Sequence[Source]], Result]

CHUNK = 128
WORTH_A_POOL = 768
"""Below this many images the start of the processes costs more than they save."""
MOST_THREADS = 4
"""With more the part of the work that only one thread can do at a time would hold the others up."""
MOST_UNREADABLE = 0.02
"""Where a larger share of the images at hand cannot be used, work on the others is refused."""
_AHEAD = 4
_LEAST = 32
"""Smaller chunks take longer in all."""
_SEVERAL = 2
_MOMENTS, _MOMENT_S = 20, 0.01


_most: ContextVar[int] = ContextVar("_most", default=0)


@contextlib.contextmanager
def most_workers(count: int) -> Iterator[None]:
    """A block in which an engine that nobody gave a number begins at most so many processes; 0 for no limit.

    A script that cannot be imported again, such as one without `if __name__ == "__main__"`, needs 1.
    """
    before = _most.set(count)
    try:
        yield
    finally:
        _most.reset(before)


class Engine:
    """Works in processes that are begun when they are first needed and end with the block.

    Args:
        workers: how many at most; 0 takes one a core. A small job is done in this process itself.
        may_thread: up to 4 workers of a job below 1,200 images are threads, which begin at once and share
            what is loaded. It is for tasks that mostly decode and run networks; threads take turns at
            Python code.
        ends_even: the last chunks of 1,200 images or more become smaller, so that no worker waits long for
            the last one. It is for tasks whose results for an image do not depend on its chunk.
    """

    def __init__(self, workers: int = 0, may_thread: bool = False, *, ends_even: bool = False) -> None:
        self._workers = workers
        self._may_thread = may_thread
        self._ends_even = ends_even
        self._is_threaded = False
        self._pool: Executor | None = None
        self._numbers = itertools.count(1)
        self._sent = 0
        self._is_copied = False
        self._ready: tuple[object, int] = None, 0

    def __enter__(self) -> Self:
        """Nothing is begun yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        self.close()

    def close(self) -> None:
        """End the workers, after the chunks that they are at; the next job begins new ones."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def get_ready(self, task: Task[Result]) -> None:
        """Begin the processes for a large job that comes next, while its images are still looked for.

        Each is given an empty chunk, so that the task makes ready what it needs for any. What goes wrong here
        goes wrong again with the first chunk. Does nothing for one worker.
        """
        if self._count < _SEVERAL or self._pool:
            return
        self._ready = task, next(self._numbers)
        with current().held(), contextlib.suppress(BrokenExecutor):
            for _ in range(self._count):
                self._submitted(self._ready[1], task, ())

    def over(
        self,
        task: Task[Result],
        sources: Sequence[Source],
        progress: Progress,
        cancel: CancelToken | None = None,
        size: int = CHUNK,
    ) -> Iterator[Result]:
        """The task's result for each chunk of so many sources, in order.

        Args:
            task: what is done with a chunk; it must be picklable and catch what may be wrong with one image.
                For threads it must also be fit to be called by several at once.
            sources: the images.
            progress: hears of each chunk.
            cancel: stops the work after a chunk, or before the first; by default the current token.
            size: how many images a chunk holds.

        Raises:
            NormocyteError: a process died.
            ConfigError: the script is no file, so that no process can be begun.
            Stopped: the token is set.
        """
        cells = len(sources) * CHUNK // size
        ends_even = self._ends_even and cells >= MOST_THREADED
        chunks = list(_chunks(sources, size, self._count if ends_even else 1))
        keep_the_heap()
        if self._pool is None:
            self._is_threaded = self._may_thread and self._count <= MOST_THREADS and cells < MOST_THREADED
        is_worth_it = self._is_worth_it(chunks, cells)
        token = cancel or current()
        results = self._pooled(task, chunks, token) if is_worth_it else map(task, chunks)
        with token.held():  # an interrupt while processes start or hand over can hang the pool
            token.check()
            for chunk, result in zip(chunks, results, strict=True):
                progress.advance(len(chunk))
                yield result
                token.check()

    def as_done(
        self, task: Callable[[Job], Result], jobs: Iterable[Job], cancel: CancelToken | None = None
    ) -> Iterator[tuple[Job, Result]]:
        """The task's result for each job as soon as it is done, in any order.

        No more jobs are begun and not taken than there are workers: who writes a result down before taking
        the next loses, when killed, one job a worker. Jobs are listed as they are needed. When the token is
        set, those at work are ended and given before Stopped, but for those of workers that were ended by the
        same signal. NormocyteError when a process died otherwise.
        """
        token = cancel or current()
        left = iter(jobs)
        ready = deque(itertools.islice(left, self._count))
        keep_the_heap()
        with token.held():
            token.check()
            if len(ready) > 1:
                yield from self._as_done(task, itertools.chain(ready, left), token)
                return
            for job in itertools.chain(ready, left):
                yield job, task(job)
                token.check()

    def _as_done(
        self, task: Callable[[Job], Result], jobs: Iterator[Job], token: CancelToken
    ) -> Iterator[tuple[Job, Result]]:
        number, ready = next(self._numbers), deque[Job]()
        at_work: dict[Future[Result], Job] = {}
        try:
            while True:
                ready.extend(itertools.islice(jobs, self._count - len(ready)))
                while ready and len(at_work) < self._count and not token.is_set:
                    job = ready.popleft()
                    at_work[self._submitted(number, task, job)] = job
                if not at_work:
                    return
                ready.extend(itertools.islice(jobs, self._count - len(ready)))  # while they work
                for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                    yield at_work.pop(future), future.result()
        except BrokenExecutor as error:
            self.close()
            _check_soon(token)
            raise NormocyteError(died(self._count)) from error

    @property
    def _count(self) -> int:
        return self._workers or _most.get() or os.cpu_count() or 1

    def _is_worth_it(self, chunks: Sequence[Sequence[Source]], cells: int) -> bool:
        """A source of a smaller chunk is as much work as several of a full one."""
        is_cheap = self._workers > 1 or self._is_threaded
        return min(self._count, len(chunks)) > 1 and (is_cheap or cells >= WORTH_A_POOL)

    def _pooled(
        self, task: Task[Result], chunks: Sequence[Sequence[Source]], token: CancelToken
    ) -> Iterator[Result]:
        number = self._ready[1] if task is self._ready[0] else next(self._numbers)
        waiting: deque[Future[Result]] = deque()
        try:
            for chunk in chunks:
                waiting.append(self._submitted(number, task, chunk))
                if len(waiting) > _AHEAD * self._count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenExecutor as error:
            self.close()
            _check_soon(token)
            raise NormocyteError(died(min(self._count, len(chunks)))) from error
        finally:
            for future in waiting:
                future.cancel()

    def _submitted(self, number: int, task: Callable[[Job], Result], chunk: Job) -> Future[Result]:
        self._pool = self._pool or self._begun(number, task)
        if self._is_threaded:
            return self._pool.submit(task, chunk)
        with deaf_to_ends(also_terminated=self._is_copied):  # the pool begins processes when they are needed
            try:
                return self._pool.submit(run, number, None if number == self._sent else task, chunk)
            except BrokenPipeError as error:  # it died before it had read the task
                raise BrokenExecutor from error

    def _begun(self, number: int, task: Callable[[Job], Result]) -> Executor:
        """The workers, who have the task of this job from the start; a small job imports nothing for them."""
        if self._is_threaded:
            from concurrent.futures.thread import ThreadPoolExecutor

            return ThreadPoolExecutor(self._count, "normocyte")
        from concurrent.futures.process import ProcessPoolExecutor
        from multiprocessing.reduction import ForkingPickler

        from normocyte.engine.begin import context_of

        self._sent, self._is_copied = number, may_copy_this_process()
        if self._is_copied:
            gc.freeze()  # so that no copy touches what was made before it
        else:
            check_main(self._count)
        context = context_of(type(task).__module__)
        given = own_parts(), number, task if self._is_copied else bytes(ForkingPickler.dumps(task))
        return ProcessPoolExecutor(self._count, context, initializer=begin, initargs=given)


def _chunks(sources: Sequence[Source], size: int, workers: int) -> Iterator[Sequence[Source]]:
    """The sources in chunks; for several workers those near the end are smaller."""
    start = 0
    while start < len(sources):
        even = (len(sources) - start) // (2 * workers) // _LEAST * _LEAST
        step = min(size, max(even, _LEAST)) if workers > 1 else size
        yield sources[start : start + step]
        start += step


def over_chunks(
    task: Task[Result], sources: Sequence[Source], progress: Progress, workers: int = 0, size: int = CHUNK
) -> Iterator[Result]:
    """What `Engine.over` gives, by an engine that lives as long as this job."""
    with Engine(workers) as engine:
        yield from engine.over(task, sources, progress, size=size)


def _check_soon(token: CancelToken) -> None:
    """Raise Stopped where the token is set within a moment.

    A system that ends a program sends SIGTERM to its workers, too, and they may die before it hears.
    """
    for _ in range(_MOMENTS):
        token.check()
        time.sleep(_MOMENT_S)


def read_all_stored(chunk: Sequence[Source]) -> tuple[list[StoredImage], dict[Source, str]]:
    """The same as `read_all`, with what each file says of how its image was stored."""
    found = list(zip(chunk, read_each_stored(chunk), strict=True))
    images = [image for _, image in found if not isinstance(image, ImageError)]
    return images, {source: str(error) for source, error in found if isinstance(error, ImageError)}


def read_all(chunk: Sequence[Source]) -> tuple[list[Image8], dict[Source, str]]:
    """The pixels of all images that can be read, in their order, and for each other one the reason."""
    found = list(zip(chunk, read_each(chunk), strict=True))
    images = [image for _, image in found if not isinstance(image, ImageError)]
    return images, {source: str(error) for source, error in found if isinstance(error, ImageError)}
