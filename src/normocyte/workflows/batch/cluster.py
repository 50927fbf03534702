"""Units of a batch as tasks of Ray, which own no state: a worker that dies changes nothing in the results."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from normocyte.core.cancel import CancelToken, current
from normocyte.core.errors import ConfigError, NormocyteError, needs
from normocyte.core.registry import PartKey, add_own_parts, own_parts
from normocyte.workflows.batch.answers import Done
from normocyte.workflows.batch.task import ScoreUnits
from normocyte.workflows.batch.units import Unit

LOCAL = "local"
_ASKED_EVERY_S = 0.5
_RETRIES = 3
_ANSWERS_WITHIN_S = 5.0

_held: dict[str, ScoreUnits] = {}
"""In a worker of Ray: the task that it is at, so that its bundle is opened once."""


def _run(task: ScoreUnits, own: dict[PartKey, Path], unit: Unit) -> Done:
    """In a worker: the rows of a unit."""
    name = f"{task}"
    if name not in _held:
        add_own_parts(own)
        _held.clear()
        _held[name] = task
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
        cores = {"num_cpus": self._workers or os.cpu_count()} if self._address == LOCAL else {}
        try:
            if self._address not in (LOCAL, "auto"):
                _knock(self._address)
            self._ray.init(self._address, include_dashboard=False, log_to_driver=False, **cores)
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"No Ray cluster answers at `address='{self._address}'`: {error}. Check that it runs and "
                "that this machine reaches it."
            ) from error
        return self

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
        shared, at_work = self._ray.put(task), dict[Any, Unit]()
        with token.held():
            token.check()
            while True:
                room = 0 if token.is_set else self._count - len(at_work)
                at_work |= {begin.remote(shared, own_parts(), unit): unit for unit in islice(left, room)}
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


def _knock(address: str) -> None:
    """OSError at once where nothing listens at the address: Ray itself would wait for half a minute."""
    found = urlsplit(address if "://" in address else f"//{address}")
    with socket.create_connection((found.hostname or "", found.port or 6379), _ANSWERS_WITHIN_S):
        pass
