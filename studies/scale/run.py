"""How fast a batch is, how its cost and memory grow, and what a kill costs.

    python -m studies.scale --data DIR [--images 10000] [--kills 30] [--ray]

Makes shards of distinct synthetic cells in DIR (kept for the next run): a tenth of the images, and all. The
limit is measured in the same run: decoding and verdicts in memory on one core. Then the same images are
scored by `normocyte batch`, in processes of their own: one worker on a tenth and on all, two workers on all,
and a resume of what is done; with --ray also two workers of Ray. Then batches of 200 loose images are killed
by SIGKILL at random moments, and the rows compared with those of an undisturbed run.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from normocyte.images.reading import decode_each
from normocyte.pipeline.bundle.bundle import open_bundle
from studies.kit.common import Row, machine, markdown
from studies.scale.killing import finished, killed, most_read
from studies.scale.shards import loose, shards, stored

COLUMNS = ("images", "workers", "clock s", "images/s", "core s", "peak MB")
LIMIT_OF = 1000
CHUNK = 128
LOOSE = 200
UNIT = 8
MEGA = 1e6 if sys.platform == "darwin" else 1e6 / 1024


def limit(folder: Path) -> float:
    """Images a second of one core: decoded and given a verdict, in memory."""
    pipeline = open_bundle("shipped").pipeline
    images = stored(folder, LIMIT_OF)
    pipeline.verdicts([one for one in decode_each(images[:CHUNK]) if not isinstance(one, Exception)])
    begun = time.process_time()
    for start in range(0, len(images), CHUNK):
        read = decode_each(images[start : start + CHUNK])
        pipeline.verdicts([one for one in read if not isinstance(one, Exception)])
    return len(images) / (time.process_time() - begun)


def measured(source: Path, to: Path, images: int, workers: int, *more: str) -> Row:
    """A batch in a process of its own; its processor time is without that of its workers, if it has two."""
    call = [sys.executable, "-m", "normocyte", "batch", str(source), "--to", str(to)]
    call += ["--workers", str(workers), *more]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(call, check=True, stderr=subprocess.DEVNULL)
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    core = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    values = (images, workers, clock, images / clock, core, after.ru_maxrss / MEGA)
    return dict(zip(COLUMNS, values, strict=True))


def slope(few: Row, many: Row, most: float) -> str:
    """What an image more costs, without the start of the process, as a share of the limit."""
    rate = (many["images"] - few["images"]) / (many["core s"] - few["core s"])
    return f"Without the start: {rate:.0f} images a second of one core, {rate / most:.2f} of the limit."


def kills(folder: Path, count: int, seed: int) -> str:
    """Kill so many runs, each resumed by the next; what came of it in a sentence."""
    source, to, log = loose(folder, LOOSE), folder / "killed", folder / "log"
    rng, hit, alike, most = random.Random(seed), 0, True, 0
    expected = finished(source, folder / "undisturbed", folder / "log-undisturbed", UNIT)
    read = 0
    while hit < count:
        shutil.rmtree(to, ignore_errors=True)
        log.unlink(missing_ok=True)
        now = sum(killed(source, to, log, UNIT, rng) for _ in range(min(5, count - hit)))
        alike &= finished(source, to, log, UNIT) == expected
        hit, most, read = hit + now, most + most_read(LOOSE, now, UNIT), read + log.stat().st_size
    same = "equal" if alike else "NOT equal"
    return f"{hit} kills: rows {same} to those of an undisturbed run; {read:,} images read, {most:,} allowed."


def main() -> None:
    """Measure, and print the table and a sentence on the kills."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for shards and results")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--ray", action="store_true", help="measure Ray, too: extra cluster")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    few, many = options.images // 10, options.images
    sources = {count: shards(options.data, count, options.seed) for count in (few, many)}
    most = limit(sources[few])
    for name in ("few", "one", "two", "ray"):
        shutil.rmtree(options.data / name, ignore_errors=True)
    rows = []
    for count, workers, name in ((few, 1, "few"), (many, 1, "one"), (many, 2, "two"), (many, 2, "two")):
        rows.append(measured(sources[count], options.data / name, count, workers))
    if options.ray:
        rows.append(measured(sources[many], options.data / "ray", many, 2, "--engine", "ray"))
    print(f"{machine()}\n\nLimit of one core: {most:.0f} images a second. The fourth row is a resume.\n")
    print(markdown(COLUMNS, [[f"{row[name]:.4g}" for name in COLUMNS] for row in rows]))
    print(f"\n{slope(rows[0], rows[1], most)}")
    print(kills(options.data, options.kills, options.seed))
