"""Kills a batch by SIGKILL at random moments, and says whether anything was lost or repeated."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from normocyte.core.errors import needs
from normocyte.core.files import write_bytes
from normocyte.records.manifest import contents_of
from studies.scale.counted_run import HOLD, WORKERS

RUN = Path(__file__).with_name("counted_run.py")
LATEST_S = 0.02
"""So long after a unit a run is killed at the latest; a unit of a few images takes about as long."""


def started(source: Path, to: Path, log: Path, unit: int) -> subprocess.Popen[str]:
    """A run in a process of its own."""
    quiet = "ignore:resource_tracker"  # what a killed run leaves is no news
    command = [sys.executable, "-W", quiet, str(RUN), str(source), str(to), str(log), str(unit)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def killed(source: Path, to: Path, log: Path, unit: int, rng: random.Random) -> bool:
    """Start a run and kill it at a random moment after one of its first units; False where it had ended."""
    with started(source, to, log, unit) as run:
        assert run.stdout is not None  # noqa: S101 - it is a pipe
        for _ in range(rng.randint(1, 2)):
            run.stdout.readline()
        time.sleep(rng.uniform(0, LATEST_S))
        has_ended = run.poll() is not None
        run.kill()
    return not has_ended


def hold(log: Path, images: int) -> None:
    """Let runs with this log read so many images more; then they wait, and cannot end, until `let_go`."""
    before = log.stat().st_size if log.exists() else 0
    write_bytes(Path(f"{log}{HOLD}"), f"{before + images}".encode("ascii"))


def let_go(log: Path) -> None:
    """Runs with this log may read what they like."""
    Path(f"{log}{HOLD}").unlink()


def finished(source: Path, to: Path, log: Path, unit: int) -> list[dict[str, Any]]:
    """Run to the end; gives the rows in order."""
    with started(source, to, log, unit) as run:
        run.communicate()
    if run.returncode:
        raise SystemExit(f"The batch {to} ended with {run.returncode}.")
    return rows_of(to)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """All rows that count, in order."""
    parquet = needs("pyarrow.parquet", "batch")
    return [row for part in contents_of(folder).parts for row in parquet.read_table(part).to_pylist()]


def most_read(images: int, kills: int, unit: int) -> int:
    """So many images may be read at most: each once, and at each kill a unit a worker again."""
    return images + kills * unit * WORKERS
