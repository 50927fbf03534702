"""Whom the checks of quality refuse: healthy and infected cells, other stains, and what is no red cell.

    normocyte train configs/default.toml --data DIR --seed 0 --out runs/gate/bundle
    python -m studies.cell_quality --data DIR --bundle runs/gate/bundle --fields IML --blood BCCD \
        --brain MRI --chest XRAYS

The gates of three further splits by patient are fitted on the healthy training cells, which takes no network,
and judged on their test patients; the bundle says what its detector would have answered to what its gate
refuses. Every picture is measured once; the page is written with --page.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from normocyte.cell_checks.gate import Gate, joined
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Image8, Part, Record, Source
from normocyte.datasets.folder import Folder
from normocyte.datasets.opening.detect import open_dataset
from normocyte.datasets.splits.split import split
from normocyte.engine.pool import over_chunks, read_all
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe.recipe import read_recipe
from normocyte.results.verdict import Outcome
from studies.cell_quality import pictures
from studies.cell_quality.findings import AS_CUT, FEW, PAGE, REPEATS, ROUND
from studies.cell_quality.general import general_tables, images_in
from studies.cell_quality.thumbnails import Reconstruction
from studies.kit.common import Lines, machine
from studies.kit.fields import STAGES, cut_cells
from studies.kit.tables import Table

SEEDS = (0, 1, 2)
GENERAL = 1400
Images = Sequence[Image8]
CONFIG = Path(__file__).parents[2] / "configs" / "default.toml"


class Measured:
    """Every cell of a set, measured by the checks of a gate once, with its record."""

    def __init__(self, records: Sequence[Record], gate: Gate) -> None:
        self.records = np.array(records, object)
        sources = [record.source for record in records]
        chunks = over_chunks(_Measure(gate), sources, Lines())
        self.measures = joined(list(chunks))
        self.places = {record.source: row for row, record in enumerate(records)}

    def of(self, records: Sequence[Record]) -> dict[str, np.ndarray]:
        """What these cells measure."""
        rows = [self.places[record.source] for record in records]
        return {name: column[rows] for name, column in self.measures.items()}


class _Measure:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def __call__(self, sources: Sequence[Source]) -> dict[str, np.ndarray]:
        images, faults = read_all(sources)
        if faults:
            raise SystemExit("\n".join(faults.values()))
        return self.gate.measures(images)


def healthy_table(measured: Measured, doubtful: frozenset[str]) -> Table:
    """The share of test cells that gates of several splits refuse, and of the worst patient."""
    recipe, rows = read_recipe(CONFIG), []
    for seed in SEEDS:
        parts = split(list(measured.records), recipe.fractions, seed, recipe.protocol)
        gate, learning = Gate(recipe.cell_checks), [*parts.part(Part.TRAIN), *parts.part(Part.HELD_OUT)]
        gate.learn(measured.of(learning), len({record.patient for record in learning}))
        test = parts.part(Part.TEST)
        refused = np.array([bool(cause) for cause in gate.causes_of(measured.of(test))])
        rows.append([f"{seed}", *_shares(test, refused, doubtful)])
    return Table.of(
        (
            "split",
            "healthy cells",
            "patients",
            "refused",
            "mean of patients",
            "worst patient",
            "infected cells",
            "infected refused",
            "undoubted infected refused",
        ),
        rows,
    )


def _shares(test: Sequence[Record], refused: np.ndarray, doubtful: frozenset[str]) -> list[str]:
    labels = np.array([record.label for record in test])
    names = np.array([record.patient for record in test])
    is_sure = np.array([record.source.path.stem not in doubtful for record in test])
    healthy, infected = labels == HEALTHY, labels != HEALTHY
    own = [refused[healthy & (names == name)] for name in np.unique(names[healthy])]
    worst = max(rows.mean() for rows in own if len(rows) >= FEW)
    return [
        f"{healthy.sum():,}",
        f"{len(own)}",
        percent(refused[healthy].mean()),
        percent(float(np.mean([rows.mean() for rows in own]))),
        percent(worst),
        f"{infected.sum():,}",
        percent(refused[infected].mean()),
        percent(refused[infected & is_sure].mean()),
    ]


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.1f} %" if share else "0"


class Asked:
    """What the bundle answers with its gate and without."""

    def __init__(self, pipeline: Pipeline, thumbnails: Reconstruction) -> None:
        self.gated, self.thumbnails = pipeline, thumbnails

    def row(self, name: str, images: Images) -> list[str]:
        """How many pictures, refused, called suspicious before and after, refused by thumbnails."""
        verdicts = [self.ungated().verdicts(images), self.gated.verdicts(images)]
        suspicious = [np.mean([verdict.is_flagged for verdict in own]) for own in verdicts]
        outcomes = [verdict.outcome for verdict in verdicts[1]]
        refused = np.mean([outcome is Outcome.NOT_ASSESSABLE for outcome in outcomes])
        return [
            name,
            f"{len(images):,}",
            percent(refused),
            *map(percent, suspicious),
            percent(float(self.thumbnails.refuses(images).mean())),
        ]

    def ungated(self) -> Pipeline:
        """The same pipeline without checks."""
        own = self.gated
        return Pipeline(own.members, own.threshold, own.calibration)

    def table(self, kinds: dict[str, Images]) -> Table:
        """A row a kind."""
        columns = (
            "pictures",
            "how many",
            "refused",
            "suspicious without gate",
            "with gate",
            "refused by thumbnails",
        )
        return Table.of(columns, [self.row(name, images) for name, images in kinds.items()])

    def seconds(self, images: Images) -> tuple[float, float]:
        """Milliseconds a cell without and with the gate, the best of several."""
        pair = self.ungated(), self.gated
        took = [[timed(lambda own=own: own.verdicts(images)) for own in pair] for _ in range(REPEATS)]
        plain, gated = np.min(took, axis=0) / len(images) * 1000
        return float(plain), float(gated)


def timed(work: Callable[[], object]) -> float:
    """How many seconds a piece of work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def images_of(records: Sequence[Record], most: int, seed: int = 0) -> list[Image8]:
    """The pictures of at most so many of these records, chosen by chance."""
    chosen = generator(seed, "gate").permutation(len(records))[:most]
    return [read(records[row].source) for row in sorted(chosen)]


def sites(options: argparse.Namespace) -> dict[str, Images]:
    """Cells of other laboratories, and pictures of something else."""
    records = Folder(manifest=str(cut_cells(options.fields, options.out / "cells"))).records()
    by_kind = {"healthy red cells": [r for r in records if not r.group]}
    by_kind |= {"infected cells": [r for r in records if r.group in STAGES]}
    found: dict[str, Images] = {f"IML {name}": images_of(own, options.most) for name, own in by_kind.items()}
    names = {"RBC": "red cells", "WBC": "white cells", "Platelets": "platelets"}
    blood = pictures.bccd(options.blood)
    found |= {f"BCCD {said}": blood[kind][: options.most] for kind, said in names.items()}
    rng = generator(0, "gate")
    found["pieces of IML fields"] = pictures.windows(options.fields / "images", options.most // 4, rng)
    found["brain slices"] = [
        read(Source(path)) for path in sorted(options.brain.rglob("*.jpg"))[: options.most // 4]
    ]
    return {
        f"{name}, {way}": [cut(image) for image in own]
        for name, own in found.items()
        for way, cut in ((AS_CUT, np.ascontiguousarray), (ROUND, pictures.round_cut))
    }


def drawn(count: int) -> dict[str, Images]:
    """Drawn pictures, plain and cut round."""
    ways = (("whole", np.ascontiguousarray), (ROUND, pictures.round_cut))
    return {
        f"{name}, {way}": [cut(draw(generator(row, "gate", name))) for row in range(count)]
        for name, draw in pictures.DRAWN.items()
        for way, cut in ways
    }


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the NIH malaria cells")
    parser.add_argument("--fields", type=Path, required=True, help="the IML malaria fields")
    parser.add_argument("--blood", type=Path, required=True, help="the BCCD fields")
    parser.add_argument("--brain", type=Path, required=True, help="brain slices")
    parser.add_argument("--chest", type=Path, required=True, help="chest x-rays")
    parser.add_argument("--bundle", type=Path, default=Path("runs/gate/bundle"))
    parser.add_argument("--most", type=int, default=1000, help="pictures of one kind")
    parser.add_argument("--out", type=Path, default=Path("runs/gate"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/gate.md"))
    return parser.parse_args()


def two_of(healthy: Path, anomalous: Path) -> tuple[list[Image8], list[Image8]]:
    """The images of two folders."""
    return images_in(healthy, GENERAL), images_in(anomalous, GENERAL)


def main() -> None:
    """Measure all, print the tables and write the page."""
    options = parsed()
    bundle, dataset = load_bundle(options.bundle), open_dataset(options.data)
    measured, doubtful = Measured(dataset.records(), bundle.pipeline.gate), dataset.doubtful()
    records = list(measured.records)
    trained = bundle.facts.patients(Part.TRAIN, Part.HELD_OUT)
    learning = [r for r in records if r.label == HEALTHY and r.patient in trained]
    unseen = [r for r in records if r.patient in bundle.facts.patients(Part.TEST)]
    healthy = images_of([r for r in unseen if r.label == HEALTHY], options.most)
    infected = images_of([r for r in unseen if r.label != HEALTHY], options.most)
    asked = Asked(bundle.pipeline, Reconstruction.of(images_of(learning, 4 * options.most)))
    plain, gated = asked.seconds(healthy[:512])
    cells = {"NIH healthy cells, test patients": healthy, "NIH infected cells, test patients": infected}
    damaged = {name: [how(image) for image in healthy] for name, how in pictures.DAMAGED.items()}
    tables = {
        "healthy": healthy_table(measured, doubtful),
        "sites": asked.table(cells | sites(options)),
        "synthetic": asked.table(drawn(options.most // 10)),
        "damaged": asked.table(damaged),
        **general_tables(
            {
                "brain slices": two_of(options.brain / "healthy", options.brain / "tumour"),
                "chest x-rays": two_of(options.chest / "healthy", options.chest / "pneumonia"),
                "NIH cells": (healthy, infected),
            }
        ),
    }
    facts = {
        "plain": f"{plain:.2f}",
        "gated": f"{gated:.2f}",
        "ratio": f"{gated / plain:.2f}",
        "machine": machine(),
    }
    PAGE.keep(tables, facts)
    PAGE.write(options.page)
    print(*tables.values(), sep="\n\n")


if __name__ == "__main__":
    main()
