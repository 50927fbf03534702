"""Calibrates the bundle that comes along on few healthy cells of another laboratory, many times over.

    python benchmarks/calibrate_site.py --data DIR

`DIR` holds the IML malaria fields. Prints what each cut flags on the fields that calibrated nothing, and writes
the cells of the first draw into `site` and `dark_site` of `--out`, a subfolder a field, for
`normocyte calibrate`.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from _common import machine, markdown
from _fields import cut_cells, said_of
from normocyte.core.files import make_folder, write_bytes
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, HEALTHY, Record
from normocyte.datasets.folder import Folder
from normocyte.images.reading import Image8, read
from normocyte.pipeline.bundle import load_bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.shipped import SHIPPED, bundle_folder
from normocyte.thresholds._base import Threshold
from normocyte.thresholds.calibration_conditional import CalibrationConditional
from normocyte.thresholds.quantile import Quantile

DRAWS = 200
CHUNK = 128
GAMMA = 2.0
"""Pixels to this power are what a camera gives that hands over light as it is, about."""
DESIGNS = ((10, 10), (50, 2), (50, 10))
"""How many fields, and how many healthy cells of each."""


@dataclass(frozen=True)
class Scored:
    """Scores, labels and fields of the cells that can be assessed, (n,), and their rows among the records."""

    scores: np.ndarray
    labels: np.ndarray
    fields: np.ndarray
    rows: np.ndarray


def seen(record: Record, gamma: float) -> Image8:
    """A cell as a camera of another gamma gives it."""
    return np.rint(255 * (read(record.source) / 255.0) ** gamma).astype(np.uint8)


def score_all(pipeline: Pipeline, records: Sequence[Record], gamma: float) -> Scored:
    """Every cell that can be assessed."""
    chunks = [records[start : start + CHUNK] for start in range(0, len(records), CHUNK)]
    verdicts = [
        verdict for chunk in chunks for verdict in pipeline.verdicts([seen(one, gamma) for one in chunk])
    ]
    scores = np.array([verdict.score for verdict in verdicts])
    rows = np.flatnonzero(np.isfinite(scores))
    labels = np.array([record.label for record in records])
    fields = np.array([record.patient for record in records])
    return Scored(scores[rows], labels[rows], fields[rows], rows)


def drawn(scored: Scored, design: tuple[int, int], draw: int) -> tuple[np.ndarray, np.ndarray]:
    """Healthy cells of some fields, as many of each, and all cells of the other fields."""
    chance = generator(draw, "site", *map(str, design))
    healthy = scored.labels == HEALTHY
    names, counts = np.unique(scored.fields[healthy], return_counts=True)
    fields = chance.choice(names[counts >= design[1]], design[0], replace=False)
    own = [
        chance.choice(np.flatnonzero(healthy & (scored.fields == field)), design[1], replace=False)
        for field in fields
    ]
    return np.sort(np.concatenate(own)), np.flatnonzero(~np.isin(scored.fields, fields))


def fitted(rule: Threshold, scored: Scored, own: np.ndarray) -> float:
    """The cut by a rule on these cells."""
    rule.fit(scored.scores[own], scored.fields[own], np.zeros(len(own), np.int8))
    return rule.cut


def rates(cut: float, scored: Scored, others: np.ndarray) -> tuple[float, float]:
    """The shares of healthy and of infected cells above a cut."""
    flagged, labels = scored.scores[others] > cut, scored.labels[others]
    return float(flagged[labels == HEALTHY].mean()), float(flagged[labels == ANOMALY].mean())


def rows(scored: Scored, old: float) -> Iterator[list[str]]:
    """A line of the table for the old cut, and for each design and rule."""
    draws = [drawn(scored, DESIGNS[0], draw) for draw in range(DRAWS)]
    yield line("as it comes along", 0.01, [old] * DRAWS, [rates(old, scored, others) for _, others in draws])
    for design in DESIGNS:
        draws = [drawn(scored, design, draw) for draw in range(DRAWS)]
        for rule in (Quantile(0.01), CalibrationConditional(0.05, bound="cells")):
            cuts = [fitted(rule, scored, own) for own, _ in draws]
            found = [rates(cut, scored, others) for cut, (_, others) in zip(cuts, draws, strict=True)]
            name = (
                f"`{type(rule).__module__.rpartition('.')[2]}`, {design[0]} fields, {design[1]} cells of each"
            )
            yield line(name, rule.false_positive_rate, cuts, found)


def line(name: str, asked: float, cuts: list[float], found: list[tuple[float, float]]) -> list[str]:
    """One line of the table, over all draws."""
    healthy, infected = np.array(found).T
    low, high = np.quantile(healthy, [0.05, 0.95])
    return [
        name,
        f"{100 * asked:g} %",
        f"{np.median(cuts):.2f}",
        f"{100 * healthy.mean():.2f} %",
        f"{100 * low:.2f} to {100 * high:.2f} %",
        f"{100 * np.mean(healthy > asked):.0f} %",
        f"{100 * infected.mean():.0f} %",
    ]


def write_site(records: Sequence[Record], gamma: float, place: Path) -> None:
    """These cells as image files, a subfolder a field."""
    shutil.rmtree(place, ignore_errors=True)
    for record in records:
        bgr = np.ascontiguousarray(seen(record, gamma)[..., ::-1])
        path = make_folder(place / record.patient) / record.source.name
        write_bytes(path, cv2.imencode(".png", bgr)[1].tobytes())


def main() -> None:
    """Cut and score the cells, print the tables, write the first draws."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/calibrate-site"))
    asked = parser.parse_args()
    records = Folder(manifest=str(cut_cells(asked.data, asked.out / "cells"))).records()
    pipeline = load_bundle(bundle_folder(Path(SHIPPED))).pipeline
    print(f"{said_of(records)}\n")
    for name, gamma in (("site", 1.0), ("dark_site", GAMMA)):
        scored = score_all(pipeline, records, gamma)
        own, _ = drawn(scored, DESIGNS[0], 0)
        write_site([records[row] for row in scored.rows[own]], gamma, asked.out / name)
        print(f"`{name}`, {len(scored.rows):,} cells can be assessed\n")
        columns = (
            "cut",
            "asked",
            "median cut",
            "healthy flagged",
            "5 to 95 % of draws",
            "above",
            "infected found",
        )
        print(markdown(columns, rows(scored, pipeline.threshold.cut)), "\n")
    print(machine())


if __name__ == "__main__":
    main()
