"""Units of a batch as tasks of Ray, which own no state: a worker that dies changes nothing in the results."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from normocyte.core.cancel import CancelToken, current
from normocyte.core.errors import ConfigError, DatasetError, NormocyteError, needs
from normocyte.core.registry import PartKey, add_own_parts, own_parts
from normocyte.workflows.batch.answers import Done
from normocyte.workflows.batch.task import ScoreUnits
from normocyte.workflows.batch.units import Unit

LOCAL = "local"
_FOUND = "auto"
"""An address for which Ray looks by itself."""
_QUIET = {"include_dashboard": False, "log_to_driver": False, "logging_level": "ERROR"}
_ASKED_EVERY_S = 0.5
_RETRIES = 3
_ANSWERS_WITHIN_S = 5.0
_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
"""How a client of HTTP/2, which Ray speaks, begins: RFC 9113, section 3.4."""
_FRAME = 9
_SETTINGS = b"\x04"
"""The server answers with a frame of this kind."""


@dataclass(frozen=True)
class _Sent:
    """What a worker needs for all units: the task, the files of own parts, and the working folder here."""

    task: ScoreUnits
    own: dict[PartKey, Path]
    folder: str

    def taken(self) -> ScoreUnits:
        """In a worker: the task, with paths that lead where they do here; DatasetError where they do not."""
        add_own_parts(self.own)
        with contextlib.suppress(OSError):
            os.chdir(self.folder)
        source = self.task.store.root.address
        if self.task.store.is_local and not os.path.lexists(source):
            raise DatasetError(
                f"{source} is not there on the Ray node {socket.gethostname()}. Give an address that all "
                "nodes reach, or put the same folder on each node."
            )
        return self.task


_held: dict[str, ScoreUnits] = {}
"""In a worker of Ray: the task that it is at, so that its bundle is opened once."""


def _run(sent: _Sent, unit: Unit) -> Done:
    """In a worker: the rows of a unit."""
    name = f"{sent.task}"
    if name not in _held:
        _held.clear()
        _held[name] = sent.taken()
    return _held[name](unit)


class Cluster:
    """Gives units to a Ray cluster, or to a Ray of this machine that ends with the block.

    Args:
        address: of the head of a cluster, as Ray takes it, such as `10.0.0.1:6379`; `local` begins one here.
        workers: how many units are at work at a time; 0 takes one a core of the cluster.
    """

    def __init__(self, address: str = LOCAL, workers: int = 0) -> None:
        self._address = address
        self._workers = workers

    def __enter__(self) -> Self:
        """Connect; ConfigError with the address where nothing answers, MissingExtraError without Ray."""
        self._ray: Any = needs("ray", "cluster")
        with _handlers_kept():
            if self._address == LOCAL:
                self._begin()
            else:
                self._connect()
        return self

    def _begin(self) -> None:
        """Begin Ray on this machine."""
        cores = self._workers or os.cpu_count()
        try:
            self._ray.init(LOCAL, num_cpus=cores, **_QUIET)
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"Ray cannot begin on this machine: {error}. Mend that, or give `address`, that of a cluster."
            ) from error

    def _connect(self) -> None:
        try:
            if self._address != _FOUND:
                _knock(self._address)
            self._ray.init(self._address, **_QUIET)
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"No Ray cluster answers at `address='{self._address}'`: {error}. Check that it runs and "
                "that this machine reaches it."
            ) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect; a Ray that was begun here ends."""
        self._ray.shutdown()

    def as_done(
        self, task: ScoreUnits, jobs: Iterable[Unit], cancel: CancelToken | None = None
    ) -> Iterator[tuple[Unit, Done]]:
        """The rows of each unit as soon as they are there, as `Engine.as_done` gives them."""
        token, left = cancel or current(), iter(jobs)
        begin = self._ray.remote(max_retries=_RETRIES)(_run)
        sent, at_work = self._ray.put(_Sent(task, own_parts(), str(Path.cwd()))), dict[Any, Unit]()
        with token.held():
            token.check()
            while True:
                room = 0 if token.is_set else self._count - len(at_work)
                at_work |= {begin.remote(sent, unit): unit for unit in islice(left, room)}
                if not at_work:
                    return
                ready, _ = self._ray.wait([*at_work], timeout=_ASKED_EVERY_S)
                for one in ready:
                    yield at_work.pop(one), self._result(one)

    @property
    def _count(self) -> int:
        return self._workers or max(int(self._ray.cluster_resources().get("CPU", 1)), 1)

    def _result(self, reference: Any) -> Done:
        try:
            done: Done = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error  # ours, without Ray's trace around it
        except self._ray.exceptions.RayError as error:
            raise NormocyteError(
                f"A worker of Ray died {_RETRIES + 1} times at one unit, most likely for lack of memory "
                f"({type(error).__name__}). Free some, or give fewer for workers."
            ) from error
        return done


@contextlib.contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray takes SIGTERM, which stops a batch cleanly; after the block it is as it was."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _knock(address: str) -> None:
    """OSError at once where nothing or something else listens at the address: Ray would wait for minutes."""
    found = urlsplit(address if "://" in address else f"//{address}")
    with socket.create_connection((found.hostname or "", found.port or 6379), _ANSWERS_WITHIN_S) as there:
        if os.environ.get("RAY_USE_TLS") == "1":
            return
        there.sendall(_GREETING)
        if there.recv(_FRAME)[3:4] != _SETTINGS:
            raise ConnectionError("what listens there is no head of a Ray cluster")
