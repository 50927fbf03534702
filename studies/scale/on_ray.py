"""How fast a batch is on Ray beside the usual engine, and what a kill costs there; writes the page.

    python -m studies.scale.on_ray --data DIR [--images 10000] [--kills 10] [--seed 0]

Needs the extras batch and cluster, and Linux. Scores the same shards of distinct synthetic cells (made in DIR
where they are not there) with one and two workers of each engine, and a folder with one image, which shows
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
from functools import partial
from pathlib import Path
from typing import Any

from studies.kit.common import machine
from studies.kit.measured import start
from studies.kit.tables import Table
from studies.scale.killing import finished
from studies.scale.ray_findings import CORES, EQUAL, PAGE, SPEED, TROUBLE
from studies.scale.ray_kills import HERE, Trial, cluster, kill_one_worker, most_read
from studies.scale.run import timed
from studies.scale.shards import loose, shards

LOOSE = 200
UNIT = 8
WORKER_KILLS = 3
NODES_REMOVED = 1
IN_A_RUN = 5
"""So many times a batch is killed before it runs to its end."""


def speed(data: Path, images: int, seed: int) -> list[Sequence[str]]:
    """Both engines on the same shards, and on one image."""
    source, single = shards(data, images, seed), loose(data, 1)
    rows = []
    for engine in ("local", "ray"):
        one = _seconds(single, data / "single", engine, 1)
        for workers in (1, CORES):
            load = os.getloadavg()[0]
            clock = _seconds(source, data / f"{engine}-{workers}", engine, workers)
            cells = (f"{clock:.1f}", f"{images / clock:.0f}", f"{one:.1f}", f"{load:.1f}")
            rows.append((engine, f"{workers}", f"{images:,}", *cells))
    return rows


def _seconds(source: Path, to: Path, engine: str, workers: int) -> float:
    shutil.rmtree(to, ignore_errors=True)
    call = ("batch", str(source), "--to", str(to), "--workers", str(workers), "--engine", engine)
    return timed(call)[0]


def trouble(data: Path, kills: int, seed: int) -> list[Sequence[str]]:
    """What was killed, how often, what was read again, and whether the files are those of a local run."""
    source, rng = loose(data, LOOSE), random.Random(seed)
    plain = data / "ray-plain"
    shutil.rmtree(plain, ignore_errors=True)
    finished(source, plain, data / "ray-plain-log", UNIT)
    with cluster(nodes=CORES) as nodes:
        begin = partial(_trial, nodes.address, source, data)
        expected = begin("ray-plain").files()
        return [
            _coordinators(begin, kills, rng, expected),
            _during(
                "a worker", begin, WORKER_KILLS, rng, expected, partial(kill_one_worker, nodes), workers=1
            ),
            _during("a node", begin, NODES_REMOVED, rng, expected, partial(_remove_node, nodes)),
        ]


def _trial(address: str, source: Path, data: Path, name: str) -> Trial:
    return Trial(address, source, data / name, data / f"{name}-log", UNIT)


def _emptied(trial: Trial) -> Trial:
    shutil.rmtree(trial.to, ignore_errors=True)
    trial.log.unlink(missing_ok=True)
    return trial


def _coordinators(
    begin: Callable[[str], Trial], kills: int, rng: random.Random, expected: list[bytes]
) -> Sequence[str]:
    hit = read = most = 0
    alike = True
    while hit < kills:
        trial = _emptied(begin("ray-killed"))
        now = sum(trial.killed(rng) for _ in range(min(IN_A_RUN, kills - hit)))
        alike &= trial.finished() == expected
        hit, read, most = hit + now, read + trial.read(), most + most_read(LOOSE, now, UNIT)
    return _row("the process that began the batch", hit, read, most, alike)


def _during(
    what: str,
    begin: Callable[[str], Trial],
    times: int,
    rng: random.Random,
    expected: list[bytes],
    disturb: Callable[[], int],
    workers: int = CORES,
) -> Sequence[str]:
    hits: list[int] = []
    read, alike = 0, True
    while sum(hits) < times:
        trial = _emptied(begin("ray-disturbed"))
        trial.disturbed(rng, lambda: hits.append(disturb()))
        alike &= trial.files() == expected
        read += trial.read()
    most = len(hits) * LOOSE + sum(hits) * UNIT * workers
    return _row(what, sum(hits), read, most, alike)


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
