"""Kills what works for a batch on Ray, and says whether anything was lost or repeated. Linux only."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normocyte.core.errors import needs
from normocyte.records.manifest import contents_of
from studies.scale.counted_run import WORKERS

RUN = Path(__file__).with_name("counted_run.py")
HERE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "disabled"}
"""Ray listens on this machine's own address 127.0.0.1 only, and writes no token into the home folder."""
STORE_BYTES = 80 * 2**20
LATEST_S = 0.05
"""So long after a unit something is killed at the latest."""


@contextlib.contextmanager
def cluster(nodes: int) -> Iterator[Any]:
    """A Ray cluster of this machine, with so many nodes of one core each."""
    with tempfile.TemporaryDirectory(prefix="nc-ray-", dir="/tmp") as folder:  # short, for Unix's sockets
        os.environ.update(HERE | {"RAY_TMPDIR": folder})
        begun = needs("ray.cluster_utils", "cluster").Cluster()
        try:
            for node in range(nodes):
                own = {"include_dashboard": False, "no_monitor": True} if node == 0 else {}
                begun.add_node(num_cpus=1, object_store_memory=STORE_BYTES, **own)
            yield begun
        finally:
            begun.shutdown()
            del os.environ["RAY_TMPDIR"]


def workers_of(cluster: Any) -> list[int]:
    """The processes that work for a task on the nodes of this cluster."""
    raylets = [one.process for node in cluster.list_all_nodes() for one in node.all_processes["raylet"]]
    children = [
        int(child)
        for raylet in raylets
        for child in Path(f"/proc/{raylet.pid}/task/{raylet.pid}/children").read_text("ascii").split()
    ]
    return [child for child in children if b"ray::_run" in Path(f"/proc/{child}/cmdline").read_bytes()]


@dataclass(frozen=True)
class Trial:
    """A batch of loose images on a cluster: source, folder of results, log of images that were read."""

    address: str
    source: Path
    to: Path
    log: Path
    unit: int

    def started(self) -> subprocess.Popen[str]:
        """The run in a process of its own, which prints a line after each unit."""
        names = [str(one) for one in (self.source, self.to, self.log, self.unit)]
        command = [sys.executable, str(RUN), *names, "ray", self.address]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def killed(self, rng: random.Random) -> bool:
        """Kill the process that began the batch at a random moment; False where it had ended."""
        with self.started() as run:
            has_ended = not _wait(run, rng)
            run.kill()
        return not has_ended

    def disturbed(self, rng: random.Random, disturb: Any) -> bool:
        """Run to the end, and call this at a random moment; False where the run had ended before."""
        with self.started() as run:
            is_at_work = _wait(run, rng)
            disturb()
            run.communicate()
        _check(run, self.to)
        return is_at_work

    def finished(self) -> list[bytes]:
        """Run to the end; gives the files of rows as they are, in order."""
        with self.started() as run:
            run.communicate()
        _check(run, self.to)
        return self.files()

    def files(self) -> list[bytes]:
        """The bytes of all files whose rows count, in order."""
        return [part.read_bytes() for part in contents_of(self.to).parts]

    def read(self) -> int:
        """How many images were read so far."""
        return self.log.stat().st_size


def kill_one_worker(cluster: Any) -> int:
    """Kill one that works at a task; gives how many were hit."""
    for worker in workers_of(cluster)[:1]:
        os.kill(worker, signal.SIGKILL)
        return 1
    return 0


def most_read(images: int, kills: int, unit: int, workers: int = WORKERS) -> int:
    """So many images may be read at most: each once, and at each kill a unit a worker again."""
    return images + kills * unit * workers


def _wait(run: subprocess.Popen[str], rng: random.Random) -> bool:
    """Until a random moment after one of the first units; whether the run is still at work then."""
    assert run.stdout is not None  # noqa: S101 - it is a pipe
    for _ in range(rng.randint(1, 2)):
        run.stdout.readline()
    time.sleep(rng.uniform(0, LATEST_S))
    return run.poll() is None


def _check(run: subprocess.Popen[str], to: Path) -> None:
    if run.returncode:
        raise SystemExit(f"The batch {to} ended with {run.returncode}.")
