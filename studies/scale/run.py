"""How fast a batch is, how its cost and memory grow, and what a kill costs; writes the page.

    python -m studies.scale --data DIR [--images 10000 100000 1000000] [--steps draw one two kills sums page]

Each step can be run alone, and a study that was stopped goes on: what was measured is kept in DIR/figures.

draw   tar shards of distinct synthetic cells, 10 GB for a million
one    each size up to --one-worker-most, scored by one worker; before and after it the limit is measured,
       decoding and verdicts in memory on one core
two    each size, scored by two workers, and resumed when all is done
kills  batches of 200 loose images are killed by SIGKILL at random moments, and compared with one that was not
sums   very many rows are summarised
page   the page, of all that was measured
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from normocyte.images.reading import decode_each
from normocyte.pipeline.bundle.bundle import open_bundle
from studies.kit.common import Row, kept, machine
from studies.kit.tables import Table
from studies.scale.findings import COLUMNS, ONE, PAGE, RESUMED, SIZES, SUMMARISED, TWO, run_name
from studies.scale.killing import finished, killed, most_read
from studies.scale.measuring import Used, measured
from studies.scale.shards import Shards, loose, stored
from studies.scale.summed import write_rows

LIMIT_OF = 2000
CHUNK = 128
LOOSE = 200
UNIT = 8
KINDS = {1: ONE, 2: TWO}


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


@dataclass(frozen=True)
class Study:
    """What is measured, in a folder that keeps shards and figures."""

    data: Path
    images: tuple[int, ...]
    one_worker_most: int
    kills: int
    rows: int
    seed: int
    has_to_remove: bool

    @property
    def shards(self) -> Shards:
        """The sets of images."""
        return Shards(self.data, self.seed)

    def kept(self, name: str, measure: Callable[[], Row]) -> Row:
        """What was measured under this name, now or earlier."""
        (self.data / "figures").mkdir(parents=True, exist_ok=True)
        return kept(self.data / "figures" / f"{name}.json", measure)

    def draw(self) -> None:
        """Draw the images."""
        for count in self.images:
            self.shards.of(count)

    def one(self) -> None:
        """Score by one worker, between two measurements of the limit."""
        for count in self.images:
            if count <= self.one_worker_most:
                self.kept(f"{count}-1", lambda count=count: self._between_limits(count))  # type: ignore[misc]

    def two(self) -> None:
        """Score by two workers, and resume."""
        for count in self.images:
            self.kept(f"{count}-2", lambda count=count: self._scored(count, 2))  # type: ignore[misc]
        if self.has_to_remove:
            self.shards.remove()

    def _between_limits(self, count: int) -> Row:
        source = self.shards.of(count)
        before = limit(source)
        return self._scored(count, 1) | {"limits": [before, limit(source)]}

    def _scored(self, count: int, workers: int) -> Row:
        """A batch, and a resume of what is done."""
        source, to = self.shards.of(count), self.data / "results"
        shutil.rmtree(to, ignore_errors=True)
        call = ["batch", str(source), "--to", str(to), "--workers", f"{workers}", "--json-lines"]
        print(f"{run_name(count, KINDS[workers])}: begun", flush=True)
        run = measured(call, self.data / "log")
        resumed = measured(call, self.data / "log")
        row = {"run": asdict(run), "resumed": asdict(resumed), "bytes": sizes(source, to, count)}
        print(f"{run_name(count, KINDS[workers])}: {run.clock_s:.0f} s", flush=True)
        shutil.rmtree(to)
        return {"images": count, "workers": workers, **row}

    def kill(self) -> None:
        """Kill so many runs, each resumed by the next, and compare rows and images that were read."""
        self.kept("kills", self._killed)

    def _killed(self) -> Row:
        source, to, log = loose(self.data, LOOSE), self.data / "killed", self.data / "log-killed"
        rng, hit, alike, most = random.Random(self.seed), 0, True, 0
        for one in (self.data / "undisturbed", to):
            shutil.rmtree(one, ignore_errors=True)
        expected = finished(source, self.data / "undisturbed", self.data / "log-undisturbed", UNIT)
        read = 0
        while hit < self.kills:
            shutil.rmtree(to, ignore_errors=True)
            log.unlink(missing_ok=True)
            now = sum(killed(source, to, log, UNIT, rng) for _ in range(min(5, self.kills - hit)))
            alike &= finished(source, to, log, UNIT) == expected
            hit, most, read = hit + now, most + most_read(LOOSE, now, UNIT), read + log.stat().st_size
            print(f"{hit} of {self.kills} runs killed", flush=True)
        return {"kills": hit, "alike": alike, "read": read, "most": most}

    def sum(self) -> None:
        """Summarise very many rows by day."""
        self.kept("sums", self._summed)

    def _summed(self) -> Row:
        folder = self.data / f"rows-{self.rows}"
        count = write_rows(folder, self.rows)
        used = measured(["summarise", str(folder), "--by", "day"], self.data / "log")
        shutil.rmtree(folder)
        return {"rows": count, "run": asdict(used)}

    def figures(self) -> dict[str, Row]:
        """All that was measured, by name."""
        places = sorted((self.data / "figures").glob("*.json"))
        return {place.stem: self.kept(place.stem, dict) for place in places}

    def page(self) -> None:
        """Write the page."""
        PAGE.keep(*told(self.figures()))
        PAGE.write()
        print(PAGE.place)


def sizes(source: Path, to: Path, images: int) -> dict[str, float]:
    """Bytes an image of the source, the rows and the manifest."""
    files = {
        "source": source.glob("*.tar"),
        "rows": to.glob("rows/*/*.parquet"),
        "manifest": to.glob("manifest.sqlite*"),
    }
    return {name: round(sum(one.stat().st_size for one in own) / images) for name, own in files.items()}


def told(figures: dict[str, Row]) -> tuple[dict[str, Table], dict[str, Any]]:
    """Tables and facts of the page: of each run what was measured, smaller sets first."""
    runs = sorted((row for row in figures.values() if "workers" in row), key=_order)
    batches = [_cells(row, KINDS[row["workers"]], "run") for row in runs]
    batches += [_cells(row, RESUMED, "resumed") for row in runs if "resumed" in row and row["workers"] > 1]
    tables = {"batches": Table.of(COLUMNS, batches)}
    if "sums" in figures:
        used = Used(**figures["sums"]["run"])
        cells = [f"{figures['sums']['rows']:,}", *_used(used)]
        tables["summarised"] = Table.of(SUMMARISED, [cells])
    facts = {
        "machine": machine(),
        "cores": os.cpu_count(),
        "bytes": runs[-1]["bytes"] if runs else {},
        "killed": figures.get("kills"),
        "main": _main_share(runs),
    }
    return tables, facts


def _main_share(runs: list[Row]) -> float:
    """Of the largest run by several workers, the share of the process that lists and writes; 0 for none."""
    several = [Used(**row["run"]) for row in runs if row["workers"] > 1]
    return several[-1].main_s / several[-1].core_s if several else 0.0


def _order(row: Row) -> tuple[int, int]:
    return row["images"], row["workers"]


def _cells(row: Row, kind: str, what: str) -> list[str]:
    used, images = Used(**row[what]), row["images"]
    rate = sum(row["limits"]) / len(row["limits"]) if "limits" in row and what == "run" else 0.0
    limits = (f"{rate:.0f}", f"{images / used.core_s / rate:.2f}") if rate else ("", "")
    clock, *rest = _used(used)
    return [run_name(images, kind), f"{images:,}", clock, f"{images / used.clock_s:.0f}", *rest, *limits]


def _used(used: Used) -> list[str]:
    peak = f"{used.peak_mb:.0f}" if used.peak_mb else ""
    core = f"{used.core_s:.1f}" if used.core_s else ""
    return [f"{used.clock_s:.1f}", core, peak, f"{used.others:.2f}"]


STEPS: dict[str, Callable[[Study], None]] = {
    "draw": Study.draw,
    "one": Study.one,
    "two": Study.two,
    "kills": Study.kill,
    "sums": Study.sum,
    "page": Study.page,
}


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for shards, results and figures")
    parser.add_argument("--images", type=int, nargs="+", default=[*SIZES], help="sizes of the sets")
    parser.add_argument("--steps", nargs="+", choices=[*STEPS], default=[*STEPS])
    parser.add_argument("--one-worker-most", type=int, default=100_000, help="largest set for one worker")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--rows", type=int, default=10_000_000, help="that are summarised")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--remove", action="store_true", help="remove the shards after the step two")
    return parser.parse_args()


def main() -> None:
    """Measure what is asked for and was not measured yet."""
    options = _options()
    images = tuple(sorted(options.images))
    study = Study(
        options.data,
        images,
        options.one_worker_most,
        options.kills,
        options.rows,
        options.seed,
        options.remove,
    )
    for step in options.steps:
        print(f"{step}:", flush=True)
        STEPS[step](study)
