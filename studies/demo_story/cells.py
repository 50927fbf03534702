"""As many real cells as the demo makes, and how hard cells are."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.types import ANOMALY, HEALTHY, Image8, Part, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.images.reading import read
from normocyte.pipeline.member import prepare
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.chromatin_contrast import ChromatinContrast
from normocyte.preprocessing.resize import Resize
from normocyte.workflows.demo import SYNTHETIC

STEPS = (CellMask(), Resize(size=64), ChromatinContrast(blur=1.0, gain=4.0))
SET_ON_SEEDS = range(5)
_DARKEST = 6
_NOT_BLACK = 10


def proportions_from(cohort: Cohort) -> frozenset[str]:
    """On whom the proportions of the synthetic cells were set: patients whom none of the seeds tests on."""
    tested = {
        record.patient
        for seed in SET_ON_SEEDS
        for record in cohort.split(Fractions(), seed, Protocol.MIXED).part(Part.TEST)
    }
    return frozenset({record.patient for record in cohort.records} - tested)


def sample_of(cohort: Cohort, seed: int, place: Path) -> Path:
    """A manifest of as many real cells and patients as the demo makes, of patients nothing was set on."""
    rng = random.Random(seed)
    left_out = proportions_from(cohort)
    patients = sorted({record.patient for record in cohort.records} - left_out)
    chosen = set(rng.sample(patients, SYNTHETIC.patients))
    infected = round(SYNTHETIC.cells * SYNTHETIC.infected_fraction)
    wanted = {ANOMALY: infected, HEALTHY: SYNTHETIC.cells - infected}
    rows = []
    for label, count in wanted.items():
        those = [one for one in cohort.records if one.label == label and one.patient in chosen]
        rows += [(one.source.path, label, one.patient) for one in rng.sample(those, count)]
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("path", "label", "patient"), *rows])
    return place


def hardness(records: Sequence[Record]) -> dict[str, list[tuple[float, float]]]:
    """Of healthy and of infected cells the contrast of the darkest spot and how convex the outline is."""
    found: dict[str, list[tuple[float, float]]] = {"healthy": [], "infected": []}
    for record in records:
        image = read(record.source)
        try:
            sample = prepare(STEPS, image)
        except ImageError:
            continue
        spot = np.sort(sample.pixels[..., 0][sample.mask > 0])[-_DARKEST:].mean()
        found["infected" if record.label == ANOMALY else "healthy"].append((float(spot), convexity(image)))
    return found


def convexity(image: Image8) -> float:
    """The area of the cell as a share of its convex hull: 1 without any notch."""
    outlines, _ = cv2.findContours(
        (image.max(axis=2) > _NOT_BLACK).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    largest = max(outlines, key=cv2.contourArea)
    return float(cv2.contourArea(largest) / max(cv2.contourArea(cv2.convexHull(largest)), 1.0))
