"""A batch that is killed, again and again, loses and repeats nothing but the units at hand."""

import random
import subprocess
import sys
import time
from pathlib import Path

from .conftest import rows_of

RUN = Path(__file__).with_name("counted_run.py")
UNIT, WORKERS, KILLS = 2, 2, 3


def started(*arguments):
    command = [sys.executable, str(RUN), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def killed(*arguments, rng):
    """Kill a run by SIGKILL at a random moment after its first unit; it is known how many were kept."""
    with started(*arguments) as run:
        run.stdout.readline()
        time.sleep(rng.uniform(0, 0.05))
        run.kill()


def test_after_three_kills_the_rows_are_those_of_an_undisturbed_run(folder, tmp_path):
    log, rng = tmp_path / "log", random.Random(26)
    for _ in range(KILLS):
        killed(folder, tmp_path / "killed", log, rng=rng)
        assert 0 < len(rows_of(tmp_path / "killed")) < 30
    for to in ("killed", "undisturbed"):
        with started(folder, tmp_path / to, log) as run:
            assert run.wait() == 0
    assert rows_of(tmp_path / "killed") == rows_of(tmp_path / "undisturbed")
    assert 60 <= log.stat().st_size <= 60 + KILLS * UNIT * WORKERS
