"""What one of our own recipes costs, in a process of its own, by the same clock as the peers."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from _memory import peak_megabytes

from normocyte.core.types import Part
from normocyte.datasets.opening.detect import open_cohort
from normocyte.images.reading import read
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.training.train import train
from studies.kit.common import Lines

ASKED = 2000


def costs(config: str, data: Path, out: Path, seed: int) -> dict[str, float]:
    """Train by the recipe and score cells from decoded pixels; seconds of one core, not of the clock."""
    recipe = find_recipe(config).seeded(seed)
    begin = time.process_time()
    trained = train(recipe, open_cohort(data), out / "bundle", Lines())
    seconds = time.process_time() - begin
    images = [read(record.source) for record in trained.split.part(Part.TEST)[:ASKED]]
    begin = time.process_time()
    trained.bundle.pipeline.verdicts(images)
    ms = (time.process_time() - begin) / len(images) * 1000
    size = sum(file.stat().st_size for file in (out / "bundle").iterdir())
    taught = sum(len(trained.split.part(part)) for part in (Part.TRAIN, Part.HELD_OUT))
    return {"cells": taught, "seconds": seconds, "ms": ms, "megabytes": peak_megabytes(), "bytes": size}


def main() -> None:
    """Measure one recipe and print its costs as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    print(json.dumps(costs(options.config, options.data, options.out, options.seed)))


if __name__ == "__main__":
    main()
