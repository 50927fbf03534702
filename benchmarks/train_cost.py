"""What it costs to train the default autoencoder, against the classic one, in the same run.

    python benchmarks/train_cost.py --data DIR [--cells 6000]

Each configuration learns from the same number of healthy cells in a process of its own; prints seconds of
learning, the peak memory of the whole process (reading, preprocessing and export included), and the ratio of
seconds to `classic`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from _common import Lines, Row, machine, markdown
from normocyte.core.types import HEALTHY
from normocyte.datasets._detect import open_dataset
from normocyte.detectors._base import Training
from normocyte.pipeline.recipe import find_recipe
from normocyte.workflows._prepare import prepared_cells

CONFIGS = ("classic", "conv", "default")
HELD_OUT = 600


def learn(config: str, data: Path, cells: int) -> Row:
    """Learn in this process; what it took."""
    recipe = find_recipe(config)
    healthy = [record for record in open_dataset(data).records() if record.label == HEALTHY]
    if len(healthy) < cells + HELD_OUT:
        raise SystemExit(f"{data} holds {len(healthy)} healthy cells; {cells + HELD_OUT} are needed.")
    batch = prepared_cells((recipe.steps,), healthy[: cells + HELD_OUT], Lines(), "Preparing").batch
    rows = np.arange(len(batch))
    begin = time.perf_counter()
    recipe.detector.fit(batch.take(rows[:cells]), batch.take(rows[cells:]), Training(recipe.seed))
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)
    return {"seconds": seconds, "megabytes": peak / 1e6, "epochs": len(recipe.detector.curve_.loss)}


def measured(config: str, data: Path, cells: int) -> Row:
    """The same in a process of its own, so that its memory is its own."""
    call = [sys.executable, __file__, "--data", str(data), "--cells", str(cells), "--one", config]
    said = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def main() -> None:
    """Measure every configuration and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cells", type=int, default=6000)
    parser.add_argument("--one", choices=CONFIGS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(learn(options.one, options.data, options.cells)))
        return
    rows = {config: measured(config, options.data, options.cells) for config in CONFIGS}
    first = rows[CONFIGS[0]]["seconds"]
    lines = [
        (
            config,
            str(row["epochs"]),
            f"{row['seconds']:.0f}",
            f"{row['seconds'] / first:.1f}",
            f"{row['megabytes']:.0f}",
        )
        for config, row in rows.items()
    ]
    print(markdown((f"{options.cells} cells", "epochs", "seconds", "ratio", "peak MB"), lines))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
