"""Scoring end to end against decoding alone, on the same files, in the same run.

    python -m studies.score_speed --data DIR [--bundle BUNDLE] [--cells 5000]

Three ways, each the best of three rounds: a plain loop of cv2.imread, `normocyte score` in one process, and
`normocyte score` as it comes, with one process a core (their start included). Prints ratios to the loop, and
how long it takes from the bundle's folder to the first verdict. Without --bundle it is the one that comes
along.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from normocyte.core.progress import Silent
from normocyte.core.types import Source
from normocyte.images.listing import listed
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import SHIPPED, bundle_folder
from normocyte.pipeline.pipeline import Pipeline
from normocyte.tables.writing import row_writer
from normocyte.workflows.scoring.score import ScoreOptions, score_images
from studies.kit.common import machine, markdown

ROUNDS = 3


def best_of(rounds: int, job: Callable[[], object]) -> float:
    """The seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        job()
        times.append(time.perf_counter() - begin)
    return min(times)


def decode(images: list[Source]) -> None:
    """What OpenCV needs to decode the files."""
    for image in images:
        if cv2.imread(str(image.path)) is None:
            raise SystemExit(f"OpenCV cannot read {image}.")


def score_all(pipeline: Pipeline, images: list[Source], workers: int) -> None:
    """The whole job, rows on disk included."""
    with tempfile.TemporaryDirectory() as folder:
        tally = score_images(
            pipeline, images, row_writer(Path(folder) / "rows.csv"), Silent(), ScoreOptions(workers)
        )
    if tally.scored != len(images):
        raise SystemExit(f"Only {tally.scored} of {len(images)} images were scored; give readable cells.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, default=Path(SHIPPED))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cells", type=int, default=5000)
    options = parser.parse_args()
    everything = list(listed([options.data]).images)
    images = everything[:: max(1, len(everything) // options.cells)][: options.cells]
    begin = time.perf_counter()
    pipeline = load_bundle(bundle_folder(options.bundle)).pipeline
    pipeline.verdicts([read(images[0])])
    loading = time.perf_counter() - begin
    decode(images)  # the files are in the system's cache for everybody
    seconds = {
        "cv2.imread, one loop": best_of(ROUNDS, lambda: decode(images)),
        "normocyte score, 1 process": best_of(ROUNDS, lambda: score_all(pipeline, images, 1)),
        "normocyte score, one process a core": best_of(ROUNDS, lambda: score_all(pipeline, images, 0)),
    }
    first = next(iter(seconds.values()))
    rows = [
        (name, f"{taken / len(images) * 1000:.3f}", f"{taken / first:.2f}") for name, taken in seconds.items()
    ]
    print(markdown((f"{len(images)} cells", "ms a cell", "ratio"), rows))
    print(f"\nFrom the folder of the bundle to the first verdict: {loading * 1000:.0f} ms. {machine()}")


if __name__ == "__main__":
    main()
