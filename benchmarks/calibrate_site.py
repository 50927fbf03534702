"""Calibrates a bundle on few healthy cells of another laboratory and judges the cut on its other fields.

    python benchmarks/calibrate_site.py --data DIR

`DIR` holds the IML malaria fields. Writes the cells of the first draw as two manifests that the commands of
docs/how-to/calibrate-your-site.md take, and prints what all draws give.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from _common import markdown
from _fields import cut_cells, said_of
from normocyte.core.files import write_text
from normocyte.core.progress import Silent
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, HEALTHY, Record
from normocyte.datasets.folder import Folder
from normocyte.pipeline.bundle import load_bundle
from normocyte.pipeline.shipped import SHIPPED, bundle_folder
from normocyte.thresholds._base import Threshold
from normocyte.thresholds._calibration import Calibration
from normocyte.thresholds.calibration_conditional import CalibrationConditional
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows._examine import Examined, examine

DRAWS = 200
FIELDS = 10
CELLS = 100
RULES = {
    "`quantile`, 1 %": Quantile(0.01),
    "`calibration_conditional`, 5 %, cells": CalibrationConditional(0.05, bound="cells"),
}


def drawn(examined: Examined, draw: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of healthy cells, as many of each of some fields, and the rows of all other fields."""
    chance = generator(draw, "site")
    fields = chance.choice(np.unique(examined.patients), FIELDS, replace=False)
    healthy = examined.labels == HEALTHY
    rows = [
        chance.choice(np.flatnonzero(healthy & (examined.patients == field)), CELLS // FIELDS, replace=False)
        for field in fields
    ]
    return np.sort(np.concatenate(rows)), np.flatnonzero(~np.isin(examined.patients, fields))


def fitted(rule: Threshold, examined: Examined, rows: np.ndarray) -> float:
    """The cut by a rule from these rows."""
    known = Calibration.of(examined.of(0)[rows], examined.patients[rows])
    rule.fit(known.scores, known.patients, np.zeros(len(known), np.int8))
    return rule.cut


def rates(cut: float, examined: Examined, rows: np.ndarray) -> tuple[float, float]:
    """The shares of healthy and of infected cells among these rows that lie above a cut."""
    flagged, labels = examined.of(0)[rows] > cut, examined.labels[rows]
    return float(flagged[labels == HEALTHY].mean()), float(flagged[labels == ANOMALY].mean())


def table(examined: Examined, old: float) -> str:
    """Over all draws, what each cut flags on the fields that calibrated nothing."""
    draws = [drawn(examined, draw) for draw in range(DRAWS)]
    cuts = {"the cut that comes along, 1 %": [old] * DRAWS} | {
        name: [fitted(rule, examined, own) for own, _ in draws] for name, rule in RULES.items()
    }
    rows = []
    for name, own in cuts.items():
        found = np.array([rates(cut, examined, others) for cut, (_, others) in zip(own, draws, strict=True)])
        low, high = np.quantile(found[:, 0], [0.05, 0.95])
        rows.append(
            [
                name,
                f"{np.median(own):.2f}",
                f"{100 * found[:, 0].mean():.2f} %",
                f"{100 * low:.2f} to {100 * high:.2f} %",
                f"{100 * found[:, 1].mean():.1f} %",
            ]
        )
    return markdown(
        ("cut", "median cut", "healthy flagged, mean", "5 to 95 % of draws", "infected found"), rows
    )


def write_manifest(records: Sequence[Record], place: Path) -> None:
    """Records as a manifest."""
    rows = [f"{r.source.path.resolve()},{r.label},{r.patient},{r.group}" for r in records]
    write_text(place, "\n".join(["path,label,patient,group", *rows]) + "\n")


def main() -> None:
    """Cut, score, write the manifests of draw 0, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/calibrate-site"))
    asked = parser.parse_args()
    records = Folder(manifest=str(cut_cells(asked.data, asked.out / "cells"))).records()
    pipeline = load_bundle(bundle_folder(Path(SHIPPED))).pipeline
    examined = examine((pipeline,), records, Silent(), "")
    own, others = drawn(examined, 0)
    write_manifest([examined.records[row] for row in own], asked.out / "healthy.csv")
    write_manifest([examined.records[row] for row in others], asked.out / "others.csv")
    print(f"{said_of(records)} {len(examined.faults)} cannot be assessed.\n")
    print(table(examined, pipeline.threshold.cut))


if __name__ == "__main__":
    main()
