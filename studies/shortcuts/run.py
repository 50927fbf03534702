"""Whether planted differences of acquisition are found, and how often there is a false alarm without one.

    python -m studies.shortcuts --data DIR [DIR ...]

Each `DIR` holds healthy images of one kind, all of which are taken for different patients. Synthetic healthy
cells stand beside them. In each case images are drawn at random and dealt into learnt, healthy and
"anomalous" ones, which differ in nothing but what is planted in the last.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Image8, Source
from normocyte.datasets.synthetic import Synthetic
from normocyte.engine.shortcuts.beside import contrasts_of
from normocyte.engine.shortcuts.measured import Learnt, Measured, Measures, measured
from normocyte.images.reading import read
from normocyte.results.shortcuts import MeasuredContrast
from studies.kit.common import machine
from studies.kit.tables import Table
from studies.shortcuts.findings import CASES, COLUMNS, LEAST, PAGE, SIZES
from studies.shortcuts.plants import Plant, Store, plants

MOST = 600
Numbers = list[Measured]


def case(healthy: Numbers, anomalous: Numbers, size: int, number: int) -> tuple[MeasuredContrast, ...]:
    """The measures of one case: so many learnt images, `size` healthy and `size` anomalous ones."""
    learnt = min(size, len(healthy) - 2 * size)
    rows = generator(number, "planted shortcuts").permutation(len(healthy))[: learnt + 2 * size]
    before, fine, planted = rows[:learnt], rows[learnt : learnt + size], rows[learnt + size :]
    names = np.array([f"image {row}" for row in (*fine, *planted)])
    return contrasts_of(
        Measures(
            np.repeat(np.array([0, 1], np.int8), size),
            names,
            (*(healthy[row] for row in fine), *(anomalous[row] for row in planted)),
            Learnt(tuple(healthy[row] for row in before), tuple(f"image {row}" for row in before)),
        )
    )


def rows_of(name: str, images: Sequence[Image8]) -> list[tuple[str, ...]]:
    """The rows of one kind of image."""
    spread = float(np.std([image.mean() for image in images]))
    known: dict[Store, Numbers] = {}
    return [row for plant in plants(spread) for row in _rows(name, plant, images, known)]


def _rows(
    name: str, plant: Plant, images: Sequence[Image8], known: dict[Store, Numbers]
) -> list[tuple[str, ...]]:
    """The rows of one plant; `known` keeps the numbers of images that were stored in that way before."""
    for store in (plant.healthy, plant.anomalous):
        if store not in known:
            known[store] = measured([store(image) for image in images])
    healthy, anomalous = known[plant.healthy], known[plant.anomalous]
    rows: list[tuple[str, ...]] = []
    for size in SIZES:
        if LEAST * size > len(images):
            continue
        cases = [case(healthy, anomalous, size, number) for number in range(CASES)]
        own = sum(any(one.differs for one in found if one.name == plant.baseline) for found in cases)
        any_ = sum(any(one.differs for one in found) for found in cases)
        rows.append((name, plant.name, str(size), str(own) if plant.baseline else "", str(any_)))
        print(" | ".join(rows[-1]), flush=True)
    return rows


def _read(folder: Path) -> list[Image8]:
    """At most so many images of a folder, drawn at random."""
    sources = [Source(file) for file in sorted(folder.rglob("*")) if file.is_file()]
    drawn = generator(0, "images").permutation(len(sources))[:MOST]
    return [read(sources[row]) for row in np.sort(drawn)]


def _synthetic() -> list[Image8]:
    """Healthy synthetic cells."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = Synthetic(cells=680, patients=50, infected_fraction=0.1, folder=folder)
        return [read(one.source) for one in dataset.records() if one.label == HEALTHY]


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of healthy images")
    parser.add_argument("--names", nargs="+", required=True, help="what the images of each folder are called")
    options = parser.parse_args()
    rows = rows_of("synthetic cells", _synthetic())
    for folder, name in zip(options.data, options.names, strict=True):
        rows += rows_of(name, _read(folder))
    tables = {"found": Table.of(COLUMNS, rows)}
    PAGE.keep(tables, {"machine": machine()})
    PAGE.write()
    print(tables["found"])


if __name__ == "__main__":
    main()
