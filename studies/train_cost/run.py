"""What it costs to train the default configuration, against the classic one and others, in the same run.

    python -m studies.train_cost --data DIR [--cells 6000]

Each configuration learns from the same number of healthy cells in a process of its own, every member where it
has several. Prints the seconds of learning, export included: those of one core (processor time, so that other
work on the machine hardly counts), their ratio to `classic`, and those of the clock; and the peak memory of
the process, from reading to export, without that of the workers that prepare the cells.
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

from normocyte.core.types import HEALTHY
from normocyte.datasets.opening.detect import open_dataset
from normocyte.detectors.contract import Training
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.training.prepare import prepared_cells
from studies.kit.common import Lines, Row, machine, markdown

CONFIGS = ("classic", "conv", "denoising", "default")
COLUMNS = ("epochs", "core s", "ratio", "clock s", "peak MB")
HELD_OUT = 600


def learn(config: str, data: Path, cells: int) -> Row:
    """Learn in this process; what it took."""
    recipe = find_recipe(config)
    healthy = [record for record in open_dataset(data).records() if record.label == HEALTHY]
    if len(healthy) < cells + HELD_OUT:
        raise SystemExit(f"{data} holds {len(healthy)} healthy cells; {cells + HELD_OUT} are needed.")
    views = tuple(member.steps for member in recipe.members)
    batches = prepared_cells(views, healthy[: cells + HELD_OUT], Lines(), "Preparing").batches
    core, clock = time.process_time(), time.perf_counter()
    for member, batch in zip(recipe.members, batches, strict=True):
        rows = np.arange(len(batch))
        member.detector.fit(batch.take(rows[:cells]), batch.take(rows[cells:]), Training(recipe.seed))
    return {
        "core": time.process_time() - core,
        "clock": time.perf_counter() - clock,
        "megabytes": peak_megabytes(),
        "epochs": sum(len(member.detector.curve_.loss) for member in recipe.members),
    }


def peak_megabytes() -> float:
    """The largest resident memory of this process; the system counts it in bytes on macOS, else in KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


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
    first = rows[CONFIGS[0]]["core"]
    lines = [
        (
            config,
            str(row["epochs"]),
            f"{row['core']:.0f}",
            f"{row['core'] / first:.1f}",
            f"{row['clock']:.0f}",
            f"{row['megabytes']:.0f}",
        )
        for config, row in rows.items()
    ]
    print(markdown((f"{options.cells} cells", *COLUMNS), lines))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
