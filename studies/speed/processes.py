"""Whole processes, timed in turns: what each takes of the clock and of the processor."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


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

    def __call__(self, *words: str | Path) -> Taken:
        """What a process takes; SystemExit with its last words where it fails."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(self.cache)
        if self.sources:
            environment["PYTHONPATH"] = str(self.sources)
        clock, core = time.perf_counter(), _of_children()
        done = subprocess.run(
            [sys.executable, *map(str, words)], env=environment, capture_output=True, text=True, check=False
        )
        taken = Taken(time.perf_counter() - clock, _of_children() - core)
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, words[:4]))} failed: {done.stderr[-500:]}")
        return taken


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
