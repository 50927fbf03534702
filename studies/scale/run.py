"""How fast a batch is, how its cost and memory grow, and what a kill costs; writes the page.

    python -m studies.scale --data DIR [--images 10000] [--kills 30] [--rows 10000000] [--ray]

Makes shards of distinct synthetic cells in DIR (kept for the next run): a tenth of the images, and all. The
limit is measured in the same run, before and after: decoding and verdicts in memory on one core. Between,
the same images are scored by `normocyte batch`, in processes of their own: one worker on a tenth and on all,
two workers on all, and a resume of what is done; with --ray also two workers of Ray. Then batches of 200
loose images are killed by SIGKILL at random moments, and the rows compared with those of an undisturbed run.
Last, very many rows are summarised.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from normocyte.images.reading import decode_each
from normocyte.pipeline.bundle.bundle import open_bundle
from studies.kit.common import Row, machine
from studies.kit.tables import Table
from studies.scale.findings import COLUMNS, PAGE, SUMMARISED
from studies.scale.killing import finished, killed, most_read
from studies.scale.shards import loose, shards, stored
from studies.scale.summed import write_rows

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


def timed(call: Sequence[str]) -> tuple[float, float, float]:
    """Clock and processor seconds and peak MB of a command of normocyte, without those of its workers."""
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "normocyte", *call], stdout=-3, stderr=-3) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise SystemExit(f"normocyte {' '.join(call)} ended with {run.returncode}.")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGA


def measured(name: str, source: Path, to: Path, images: int, workers: int, *more: str) -> Row:
    """A batch in a process of its own."""
    load = os.getloadavg()[0]
    clock, core, peak = timed(["batch", str(source), "--to", str(to), "--workers", str(workers), *more])
    own = (f"{core:.1f}", f"{peak:.0f}") if workers == 1 else ("", "")
    cells = (name, f"{images:,}", f"{workers}", f"{clock:.1f}", f"{images / clock:.0f}", *own, f"{load:.1f}")
    return dict(zip(COLUMNS, cells, strict=True))


def kills(folder: Path, count: int, seed: int) -> Row:
    """Kill so many runs, each resumed by the next, and compare rows and images that were read."""
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
    return {"kills": hit, "alike": alike, "read": read, "most": most}


def summarised(folder: Path, rows: int) -> Table:
    """Very many rows, summarised by day."""
    count = write_rows(folder / f"rows-{rows}", rows)
    clock, core, peak = timed(["summarise", str(folder / f"rows-{rows}"), "--by", "day"])
    return Table.of(SUMMARISED, [(f"{count:,}", f"{clock:.1f}", f"{core:.1f}", f"{peak:.0f}")])


def sizes(source: Path, to: Path, images: int) -> dict[str, float]:
    """Bytes an image of the source, the rows and the manifest."""
    files = {
        "source": source.glob("*.tar"),
        "rows": to.glob("rows/*/*.parquet"),
        "manifest": to.glob("manifest.sqlite*"),
    }
    return {name: round(sum(one.stat().st_size for one in own) / images) for name, own in files.items()}


def _batches(data: Path, sources: dict[int, Path], has_ray: bool) -> list[Row]:
    few, many = sources
    runs = [("a tenth", few, 1, "few"), ("all", many, 1, "one"), ("all, 2 workers", many, 2, "two")]
    for *_, place in runs:
        shutil.rmtree(data / place, ignore_errors=True)
    runs.append(("all, resumed when done", many, 1, "one"))
    rows = [measured(name, sources[count], data / to, count, workers) for name, count, workers, to in runs]
    if has_ray:
        shutil.rmtree(data / "ray", ignore_errors=True)
        rows.append(measured("all, Ray", sources[many], data / "ray", many, 2, "--engine", "ray"))
    return rows


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for shards and results")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--rows", type=int, default=10_000_000, help="that are summarised")
    parser.add_argument("--ray", action="store_true", help="measure Ray, too: extra cluster")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    """Measure, and write the page."""
    options = _options()
    counts = (options.images // 10, options.images)
    sources = {count: shards(options.data, count, options.seed) for count in counts}
    before = limit(sources[counts[0]])
    rows = _batches(options.data, sources, options.ray)
    limits = [round(before), round(limit(sources[counts[0]]))]
    tables = {
        "batches": Table.of(COLUMNS, [[row[name] for name in COLUMNS] for row in rows]),
        "summarised": summarised(options.data, options.rows),
    }
    facts = {
        "machine": machine(),
        "cores": os.cpu_count(),
        "limits": limits,
        "bytes": sizes(sources[options.images], options.data / "one", options.images),
        "killed": kills(options.data, options.kills, options.seed),
    }
    PAGE.keep(tables, facts)
    PAGE.write()
    print(tables["batches"], tables["summarised"], facts, sep="\n\n")
