"""The kinds of image of the study, each as a data set with its patients or fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.core.types import ANOMALY, HEALTHY, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.opening.detect import open_cohort
from normocyte.datasets.opening.healthy import anomalous_cells, healthy_cells
from studies.kit.fields import cut_cells

BRAIN, CHEST, CELLS, FIELDS = "brain slices", "chest x-rays", "malaria cells", "cells of fields"
PATIENT_OF_XRAY = r"^(\d{8})"


@dataclass(frozen=True)
class Places:
    """Where each kind of image lies; None where it is not there."""

    brain: Path | None
    chest: Path | None
    cells: Path | None
    fields: Path | None
    out: Path


def kinds(places: Places, healthy: int, anomalous: int, seed: int) -> Iterator[tuple[str, Cohort]]:
    """Each kind that is there, with at most so many images of each label."""
    for name, listed in _listed(places):
        yield name, Cohort(name, _some(listed(), healthy, anomalous, seed)).told()


def _listed(places: Places) -> Iterator[tuple[str, Callable[[], list[Record]]]]:
    """What lists the images of each kind that is there."""
    brain, chest, cells, fields = places.brain, places.chest, places.cells, places.fields
    if brain:
        yield BRAIN, lambda: _of_folders(brain / "healthy", brain / "tumour", "")
    if chest:
        yield CHEST, lambda: _of_folders(chest / "healthy", chest / "pneumonia", PATIENT_OF_XRAY)
    if cells:
        yield CELLS, lambda: list(open_cohort(cells).records)
    if fields:
        yield FIELDS, lambda: list(open_cohort(cut_cells(fields, places.out / "cells")).records)


def _of_folders(healthy: Path, anomalous: Path, patients: str) -> list[Record]:
    return [*healthy_cells(healthy, patients).records, *anomalous_cells(anomalous, patients)]


def _some(records: list[Record], healthy: int, anomalous: int, seed: int) -> tuple[Record, ...]:
    rng = np.random.default_rng(seed)
    kept: list[Record] = []
    for label, most in ((HEALTHY, healthy), (ANOMALY, anomalous)):
        own = [record for record in records if record.label == label]
        kept += [own[row] for row in rng.permutation(len(own))[:most]]
    return tuple(sorted((replace(record, group="") for record in kept), key=lambda record: record.source))
