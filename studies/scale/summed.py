"""A folder of results with very many rows, to be summarised."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np

from normocyte.records.counts import Counts
from normocyte.records.manifest import SCHEMA, Known, Manifest, UnitRecord
from normocyte.workflows.batch.answers import encoded
from normocyte.workflows.batch.parquet import Stored
from normocyte.workflows.batch.units import IMAGES

DAYS = 10
_LIMIT = 2.0


def write_rows(folder: Path, rows: int) -> int:
    """Results of so many rows, rounded up to whole units: a file a unit, linked to that of its day."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "rows" / "shard").mkdir(parents=True)
    rng, units = np.random.default_rng(0), -(-rows // IMAGES)
    files = [folder / f"day-{day}.parquet" for day in range(DAYS)]
    for day, file in enumerate(files):
        file.write_bytes(encoded([_row(rng, day, number) for number in range(IMAGES)]))
    with Manifest(folder) as manifest:
        manifest.describe({"schema": SCHEMA, "bundle": "drawn", "digest": "0" * 64, "normocyte": ""})
        for unit in range(units):
            part, place = f"rows/shard/{unit:09d}.parquet", f"{unit:09d}".encode()
            os.link(files[unit % DAYS], folder / part)
            record = UnitRecord(part, "shard", "", place, place, part, "", 0, 0, Counts(IMAGES, IMAGES))
            manifest.commit(record, [])
    return units * IMAGES


def _row(rng: np.random.Generator, day: int, number: int) -> tuple[Stored, Known]:
    score = float(rng.normal())
    known = Known(rng.bytes(32).hex(), score, score > _LIMIT, 0.5, "healthy", None, "", rng.bytes(16).hex())
    return Stored(f"night/{day}.tar!{number:09d}.png", "", day=f"2026-11-{day + 1:02d}"), known
