"""What the Python face costs beside the pipeline's own call, and how soon the first verdict is there.

    python -m studies.face --data DIR [--cells 512] [--rounds 15]

`DIR` holds images of cells. An array of them is scored by `nc.load().score(array)` and by the pipeline
itself, in turns in one process. Imports and first verdicts are timed in fresh processes, in turns, too: the
clock begins inside of the process, so that the start of Python is not counted. Ratios are medians over
rounds; seconds are those of the fastest round. What is asked is held against the processor's time: one thread
works, and the clock also shows what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import normocyte as nc
from normocyte.core.types import Image8, Source
from normocyte.images.fingerprints import quick_fingerprint
from normocyte.images.listing import listed
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import open_bundle
from normocyte.pipeline.bundle.folder import SHIPPED
from studies.face.findings import CHUNK, COLUMNS, PAGE, SIDE_PX
from studies.kit.common import machine
from studies.kit.tables import Table

MOST_RATIO, MOST_IMPORT_S, MOST_FIRST_S = 1.05, 0.15, 1.0
_LEAST_SHOWN = 0.01
ARRAY = "nc.load().score(array)"
ONE_CALL, CHUNKS, PRINTS = "the pipeline, one call", f"the pipeline, {CHUNK} at a time", "the fingerprints"
IMPORTS = {"numpy": "import numpy", "normocyte": "import normocyte"}
FIRST = "import normocyte as nc\n{begin}\nbundle = nc.load()\ntable = bundle.score({cell!r})"
BEGIN = "import time; clock, core = time.perf_counter(), time.process_time()"
END = "print(time.perf_counter() - clock, time.process_time() - core)"


@dataclass(frozen=True)
class Taken:
    """Seconds of the clock and of the processor."""

    clock: float
    core: float

    @classmethod
    def median(cls, several: Sequence[Taken]) -> Taken:
        """The median of each."""
        return cls(*np.median([(one.clock, one.core) for one in several], axis=0).tolist())

    @classmethod
    def least(cls, several: Sequence[Taken]) -> Taken:
        """The least of each."""
        return cls(min(one.clock for one in several), min(one.core for one in several))


def here(job: Callable[[], object]) -> Taken:
    """What a job takes in this process."""
    clock, core = time.perf_counter(), time.process_time()
    job()
    return Taken(time.perf_counter() - clock, time.process_time() - core)


def fresh(code: str) -> Taken:
    """What lines print of themselves in a process of their own."""
    said = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout
    return Taken(*map(float, said.split()))


def in_turns(jobs: dict[str, Callable[[], Taken]], rounds: int) -> dict[str, list[Taken]]:
    """Each job once a round, after one round that does not count."""
    for job in jobs.values():
        job()
    turns = [{name: job() for name, job in jobs.items()} for _ in range(rounds)]
    return {name: [turn[name] for turn in turns] for name in jobs}


def scored(cells: Image8, rounds: int) -> dict[str, list[Taken]]:
    """The array by the face, by the pipeline in one call and in chunks, and the fingerprints alone."""
    bundle, pipeline = nc.load(), open_bundle(SHIPPED).pipeline
    images = tuple(cells)

    def in_chunks() -> None:
        for begin in range(0, len(images), CHUNK):
            pipeline.verdicts(images[begin : begin + CHUNK])

    jobs: dict[str, Callable[[], object]] = {
        ARRAY: lambda: bundle.score(cells),
        ONE_CALL: lambda: pipeline.verdicts(images),
        CHUNKS: in_chunks,
        PRINTS: lambda: [quick_fingerprint(image) for image in images],
    }
    return in_turns({name: lambda job=job: here(job) for name, job in jobs.items()}, rounds)


def started(cell: Source, rounds: int) -> dict[str, list[Taken]]:
    """The imports, and the first verdict after the import, in fresh processes."""
    codes = {line: f"{BEGIN}\n{line}\n{END}" for line in IMPORTS.values()}
    codes["first verdict"] = f"{FIRST.format(begin=BEGIN, cell=str(cell))}\n{END}"
    return in_turns({name: lambda code=code: fresh(code) for name, code in codes.items()}, rounds)


def _ratios(turns: dict[str, list[Taken]]) -> dict[str, Taken]:
    """How many times as long the array took as each other job, the median over rounds."""
    return {
        name: Taken.median(
            [
                Taken(mine.clock / its.clock, mine.core / its.core)
                for mine, its in zip(turns[ARRAY], turns[name], strict=True)
            ]
        )
        for name in (ONE_CALL, CHUNKS)
    }


def keep(turns: dict[str, list[Taken]], starts: dict[str, list[Taken]], cells: int) -> None:
    """Keep the tables and the figures of the sentences."""
    ratios = _ratios(turns)
    fastest = {name: Taken.least(several) for name, several in turns.items()}
    rows = []
    for name, taken in fastest.items():
        both = [f"{ratios[name].clock:.2f}", f"{ratios[name].core:.2f}"] if name in ratios else ["", ""]
        rows.append((name, f"{taken.clock / cells * 1e3:.3f}", f"{taken.core / cells * 1e3:.3f}", *both))
    times = {name: Taken.least(several) for name, several in starts.items()}
    seconds = [(name, f"{taken.clock:.3f}", f"{taken.core:.3f}") for name, taken in times.items()]
    imported = times[IMPORTS["normocyte"]]
    tables = {
        "scores": Table.of(COLUMNS, rows),
        "starts": Table.of(("", "clock, s", "processor, s"), seconds),
    }
    facts = {
        "cells": cells,
        "rounds": len(turns[ARRAY]),
        "ratio": _judged(ratios[ONE_CALL].core, MOST_RATIO),
        "in_chunks": f"{ratios[CHUNKS].core:.2f}",
        "prints": f"{fastest[PRINTS].core / fastest[CHUNKS].core:.0%}".replace("%", " %"),
        "imported": _judged(imported.core, MOST_IMPORT_S, " s"),
        "of_numpy": f"{imported.core / times[IMPORTS['numpy']].core:.2f}",
        "first": _judged(times["first verdict"].core, MOST_FIRST_S, " s"),
        "load": f"{os.getloadavg()[0]:.1f}",
        "cores": os.cpu_count(),
        "machine": machine(),
    }
    PAGE.keep(tables, facts)


def _judged(value: float, most: float, unit: str = "") -> str:
    shown = f"{value:.2f}" if value >= _LEAST_SHOWN else f"{value:.1g}"
    return f"{shown}{unit} (asked: at most {most:g}{unit}, {'met' if value <= most else 'not met'})"


def _array(images: Sequence[Source]) -> Image8:
    """The cells in one size."""
    return np.stack([cv2.resize(read(image), (SIDE_PX, SIDE_PX)) for image in images])


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder or zip of images of cells")
    parser.add_argument("--cells", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/face.md"))
    options = parser.parse_args()
    images = listed([options.data]).images[: options.cells]
    cells = _array(images)
    turns, starts = scored(cells, options.rounds), started(images[0], options.rounds)
    keep(turns, starts, len(cells))
    PAGE.write(options.page)


if __name__ == "__main__":
    main()
