"""Whole processes, timed in turns: what each takes of the clock and of the processor.

Processes that a process leaves behind when it ends, such as the server that begins workers, count too: they
become children of this one, which waits for them (Linux only; elsewhere there are none).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_CHILD_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of Linux."""


@dataclass(frozen=True)
class Taken:
    """Seconds of the clock, and of the processor by a process with all its children."""

    clock: float
    core: float

    def over(self, other: Taken) -> Taken:
        """How many times as long as another."""
        return Taken(self.clock / other.clock, self.core / other.core)

    @classmethod
    def median(cls, several: Sequence[Taken]) -> Taken:
        """The median of each."""
        return cls(
            statistics.median(one.clock for one in several), statistics.median(one.core for one in several)
        )


@dataclass(frozen=True)
class Python:
    """Runs Python in fresh processes that keep what they compile, with the sources in a folder or as here."""

    cache: Path
    sources: Path | None = None
    executable: str = sys.executable

    def __call__(self, *words: str | Path) -> Taken:
        """What a process takes; SystemExit with its last words where it fails."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(self.cache)
        if self.sources:
            environment["PYTHONPATH"] = str(self.sources)
        _adopt()
        clock, core = time.perf_counter(), _of_children()
        done = subprocess.run(
            [self.executable, *map(str, words)], env=environment, capture_output=True, text=True, check=False
        )
        clock = time.perf_counter() - clock
        _wait_for_all()
        taken = Taken(clock, _of_children() - core)
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, words[:4]))} failed: {done.stderr[-500:]}")
        return taken


def _adopt() -> None:
    """From now on processes whose parent ended are children of this one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_all() -> None:
    """Wait until no child is left, so that the system has counted all of them."""
    with contextlib.suppress(ChildProcessError):
        while sys.platform == "linux":
            os.wait()


def _of_children() -> float:
    """Seconds of the processor that all ended child processes took; the system must count them."""
    times = os.times()
    return times.children_user + times.children_system


Jobs = dict[str, Callable[[], Taken]]


def in_turns(jobs: Jobs, rounds: int) -> dict[str, list[Taken]]:
    """Each job once a round, after one round that does not count: files are then in memory, code compiled."""
    for job in jobs.values():
        job()
    turns = [{name: job() for name, job in jobs.items()} for _ in range(rounds)]
    return {name: [turn[name] for turn in turns] for name in jobs}
