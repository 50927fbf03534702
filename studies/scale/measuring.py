"""Runs a command of normocyte and measures it with all its processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
EVERY_S = 0.25
"""So often the other processes of a command are looked at."""
TOLD_EVERY_S = 30.0
_MEGA = 1e6 if sys.platform == "darwin" else 1e6 / 1024
_KIBI = 1024
_FREE = (3, 4)
"""In the first line of /proc/stat: idle, and waiting for a disk."""


@dataclass(frozen=True)
class Used:
    """What a command took: seconds by the clock and of the processor, and the most memory in MB.

    Processor time and memory are those of all its processes together; each counts with its own highest
    memory. `main_s` is processor time of the process that was begun, alone. `others` is how many cores other
    programs used meanwhile, NaN where the system does not say so.
    """

    clock_s: float
    core_s: float
    peak_mb: float
    main_s: float
    others: float


@dataclass
class _Watched:
    """The processes of a group: what each had used when it was last seen.

    What the system says of a process when it has ended is no measure of its memory: it begins with that of
    the process that began it.
    """

    group: int
    core_s: dict[int, float] = field(default_factory=dict)
    peak_mb: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        """Look at all that are there."""
        for pid in self._pids():
            with contextlib.suppress(OSError, ValueError, IndexError):  # it has just ended
                times = (PROC / str(pid) / "stat").read_text("ascii").rpartition(")")[2].split()
                status = (PROC / str(pid) / "status").read_text("ascii", "replace")
                self.core_s[pid] = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
                self.peak_mb[pid] = int(status.partition("VmHWM:")[2].split()[0]) * _KIBI / 1e6

    def _pids(self) -> Iterator[int]:
        for name in os.listdir(PROC) if PROC.is_dir() else ():  # noqa: PTH208 - very many, very often
            with contextlib.suppress(OSError, ValueError):
                if os.getpgid(int(name)) == self.group:
                    yield int(name)


def measured(call: Sequence[str], log: Path) -> Used:
    """Run a command of normocyte to its end; progress is told of a batch that writes JSON lines."""
    before, begun = _busy_s(), time.perf_counter()
    with (
        log.open("w", encoding="utf-8") as output,
        _group([sys.executable, "-m", "normocyte", *call], output.fileno()) as run,
        _watching(run.pid, log) as watched,
    ):
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    clock = time.perf_counter() - begun
    if run.returncode:
        raise SystemExit(f"normocyte {' '.join(call)} ended with {run.returncode}.")
    main = used.ru_utime + used.ru_stime
    core = main + sum(one for pid, one in watched.core_s.items() if pid != run.pid)
    peak = sum(watched.peak_mb.values()) or used.ru_maxrss / _MEGA
    return Used(clock, core, peak, main, max((_busy_s() - before - core) / clock, 0.0))


@contextlib.contextmanager
def _group(command: Sequence[str], output: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which is stopped with this one."""
    with subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        try:
            yield run
        except BaseException:
            os.killpg(run.pid, signal.SIGTERM)
            raise


@contextlib.contextmanager
def _watching(group: int, log: Path) -> Iterator[_Watched]:
    watched, has_ended = _Watched(group), threading.Event()

    def watch() -> None:
        told = time.monotonic()
        while not has_ended.wait(EVERY_S):
            watched.look()
            if time.monotonic() - told > TOLD_EVERY_S:
                told = time.monotonic()
                _tell(log)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        has_ended.set()
        thread.join()


def _tell(log: Path) -> None:
    """The last whole line of progress."""
    lines = [line for line in log.read_text("utf-8").splitlines() if '"progress"' in line]
    with contextlib.suppress(ValueError, IndexError):
        said = json.loads(lines[-1])
        print(f"  {said['images']:,} images, {said['rate']:.0f} a second, {said['remaining_s']:.0f} s left")
        sys.stdout.flush()


def _busy_s() -> float:
    """Seconds that all cores worked since the machine began; NaN where the system does not say so."""
    try:
        counts = [int(one) for one in (PROC / "stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
    except OSError:
        return float("nan")
    return sum(one for at, one in enumerate(counts) if at not in _FREE) / os.sysconf("SC_CLK_TCK")
