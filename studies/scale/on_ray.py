"""How fast a batch is on Ray beside the usual engine, and what a kill costs there; writes the page.

    python -m studies.scale.on_ray --data DIR [--images 10000] [--kills 10] [--seed 0]

Needs the extras batch and cluster, and Linux. Scores the same shards of distinct synthetic cells (made in DIR
where they are not there) with one and two workers of each engine, and a folder with ten images, which shows
what the start costs. Then, on a cluster of two nodes of one core on this machine, batches of 200 loose images
are disturbed at random moments: the process that began the batch is killed by SIGKILL, a worker is killed,
and a node is removed. The files of rows are compared with those of an undisturbed run of the usual engine.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from studies.kit.common import machine
from studies.kit.measured import start
from studies.kit.tables import Table
from studies.scale.killing import finished
from studies.scale.measuring import Used, measured
from studies.scale.ray_findings import CORES, EQUAL, FEW, PAGE, SPEED, TROUBLE
from studies.scale.ray_kills import HERE, Trial, cluster, kill_one_worker, most_read
from studies.scale.shards import Shards, loose

LOOSE = 200
UNIT = 8
WORKER_KILLS = 3
NODES_REMOVED = 1
IN_A_RUN = 5
"""So many times a batch is killed before it runs to its end."""


def speed(data: Path, images: int, seed: int) -> list[Sequence[str]]:
    """Both engines on the same shards, and on a few images."""
    source, small = Shards(data, seed).of(images), loose(data, FEW)
    rows = []
    for engine in ("local", "ray"):
        few = _used(small, data / "few", engine, 1).clock_s
        for workers in (1, CORES):
            used = _used(source, data / f"{engine}-{workers}", engine, workers)
            others = f"{used.others:.1f}" if engine == "local" else ""
            cells = (f"{used.clock_s:.1f}", f"{images / used.clock_s:.0f}", f"{few:.1f}", others)
            rows.append((engine, f"{workers}", f"{images:,}", *cells))
    return rows


def _used(source: Path, to: Path, engine: str, workers: int) -> Used:
    shutil.rmtree(to, ignore_errors=True)
    call = ("batch", str(source), "--to", str(to), "--workers", str(workers), "--engine", engine)
    return measured(call, to.with_name("shown"))


def trouble(data: Path, kills: int, seed: int) -> list[Sequence[str]]:
    """What was killed, how often, what was read again, and whether the files are those of a local run."""
    source, plain = loose(data, LOOSE), data / "ray-plain"
    shutil.rmtree(plain, ignore_errors=True)
    finished(source, plain, data / "ray-plain-log", UNIT)
    with cluster(nodes=CORES) as nodes:
        own = _Trouble(nodes, source, data, random.Random(seed))
        return [
            own.coordinators(kills),
            own.during("a worker", WORKER_KILLS, partial(kill_one_worker, nodes), workers=1),
            own.during("a node", NODES_REMOVED, partial(_remove_node, nodes), workers=CORES),
        ]


@dataclass
class _Trouble:
    nodes: Any
    source: Path
    data: Path
    rng: random.Random

    def _trial(self, name: str) -> Trial:
        return Trial(self.nodes.address, self.source, self.data / name, self.data / f"{name}-log", UNIT)

    def _new(self) -> Trial:
        trial = self._trial("ray-killed")
        shutil.rmtree(trial.to, ignore_errors=True)
        trial.log.unlink(missing_ok=True)
        return trial

    @cached_property
    def _expected(self) -> list[bytes]:
        return self._trial("ray-plain").files()

    def coordinators(self, kills: int) -> Sequence[str]:
        """Kill the process that began the batch, again and again."""
        hit = read = most = 0
        alike = True
        while hit < kills:
            trial = self._new()
            now = sum(trial.killed(self.rng) for _ in range(min(IN_A_RUN, kills - hit)))
            alike &= trial.finished() == self._expected
            hit, read, most = hit + now, read + trial.read(), most + most_read(LOOSE, now, UNIT)
        return _row("the process that began the batch", hit, read, most, alike)

    def during(self, what: str, times: int, disturb: Callable[[], int], workers: int) -> Sequence[str]:
        """Runs to the end that are disturbed; each time so many workers lose their unit."""
        hits: list[int] = []
        read, alike = 0, True
        while sum(hits) < times:
            trial = self._new()
            trial.disturbed(self.rng, lambda: hits.append(disturb()))
            alike &= trial.files() == self._expected
            read += trial.read()
        return _row(what, sum(hits), read, len(hits) * LOOSE + sum(hits) * UNIT * workers, alike)


def _remove_node(nodes: Any) -> int:
    nodes.remove_node(*nodes.worker_nodes, allow_graceful=False)
    return 1


def _row(what: str, times: int, read: int, most: int, alike: bool) -> Sequence[str]:
    return (what, f"{times}", f"{read:,}", f"{most:,}", EQUAL if alike else "NOT equal")


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for shards and results")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=10, help="of the process that began the batch")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    os.environ.update(HERE)
    tables = {
        "speed": Table.of(SPEED, speed(options.data, options.images, options.seed)),
        "trouble": Table.of(TROUBLE, trouble(options.data, options.kills, options.seed)),
    }
    PAGE.keep(tables, {"machine": machine(), "cores": os.cpu_count()})
    PAGE.write()
    print(*tables.values(), sep="\n\n")


if __name__ == "__main__":
    start(main, PAGE)
