"""Streams of patients for the drift benchmark: unseen NIH patients by random division, and IML fields."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from normocyte.core.files import make_folder
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Part, Record, Source
from normocyte.datasets.opening.detect import open_dataset
from normocyte.drift.contract import Values
from normocyte.drift.support.equal_cells import equal_cells
from normocyte.images.listing import listed
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.tables.reading import SCORE, read_scored
from normocyte.tables.writing import row_writer
from normocyte.workflows.monitoring.stream import find_patients
from normocyte.workflows.scoring.score import ScoreOptions, score_images
from studies.error_rates.cells import Cells, names_of, score
from studies.kit.common import Lines
from studies.kit.fields import cut_cells

EACH = 20
INFECTED = 0.05


@dataclass(frozen=True)
class Streams:
    """Cells of patients whom the bundle was not trained on."""

    cells: Cells

    @classmethod
    def of(cls, bundle: Path, data: Path, out: Path) -> Streams:
        """Their cells, scored unless that was done before."""
        score(bundle, data, make_folder(out) / "unseen.npz")
        return cls(Cells.load(out / "unseen.npz"))

    @property
    def patients(self) -> int:
        """How many there are."""
        return self.cells.patients

    def divided(self, number: int, infected: float) -> tuple[Values, Values]:
        """Half of the patients with healthy cells, the others with so many infected ones: (patients, 20)."""
        order = generator(number, "drift").permutation(self.patients)
        half = self.patients // 2
        return self._drawn(order[:half], number, 0.0), self._drawn(order[half:], number, infected)

    def _drawn(self, rows: np.ndarray, number: int, infected: float) -> Values:
        parts = [self._mixed(row, number, infected) for row in rows]
        names = names_of(np.repeat(np.arange(len(rows)), [len(part) for part in parts]))
        return equal_cells(np.concatenate(parts), names, EACH, number, f"half {infected}").values

    def _mixed(self, row: int, number: int, infected: float) -> Values:
        """A patient's healthy cells and, of the infected ones that the patient has, up to this share."""
        healthy = self.cells.healthy.scores[self.cells.healthy.codes == row]
        others = self.cells.infected.scores[self.cells.infected.codes == row]
        count = min(round(infected / (1 - infected) * len(healthy)), len(others))
        return np.concatenate([healthy, generator(number, "infected", int(row)).permutation(others)[:count]])

    @staticmethod
    def score_fields(bundle: Path, fields: Path, out: Path) -> Path:
        """The rows of all cells of the fields, scored unless that was done before."""
        place = out / "fields.csv"
        if not place.is_file():
            folder = cut_cells(fields, out / "cells").parent
            score_images(
                load_bundle(bundle).pipeline,
                listed([folder]).images,
                row_writer(place),
                Lines(),
                ScoreOptions(workers=1),
            )
        return place


def field_values(place: Path) -> Values:
    """Twenty cells of each field, (fields, 20)."""
    scored = read_scored([place])
    stream = find_patients(scored, "folder")
    return equal_cells(scored.columns[SCORE], stream.patients, EACH, 0, "fields").values


def nih_stream(bundle: Path, data: Path, place: Path) -> None:
    """Write the rows of the test patients in random order, with up to 5 % infected cells, unless there."""
    if place.is_file():
        return
    held = load_bundle(bundle)
    test = held.facts.patients(Part.TEST)
    own: dict[str, list[Record]] = {patient: [] for patient in sorted(test)}
    for record in open_dataset(data).records():
        if record.patient in test:
            own[record.patient].append(record)
    order = generator(0, "order of patients").permutation(sorted(own))
    images = [image for patient in order for image in _few_infected(own[str(patient)])]
    score_images(held.pipeline, images, row_writer(place), Lines(), ScoreOptions(workers=1))


def _few_infected(records: list[Record]) -> list[Source]:
    healthy = [record.source for record in records if record.label == HEALTHY]
    infected = [record.source for record in records if record.label != HEALTHY]
    count = min(round(INFECTED / (1 - INFECTED) * len(healthy)), len(infected))
    chosen = generator(0, "infected", records[0].patient).permutation(len(infected))[:count]
    return [*healthy, *(infected[place] for place in sorted(chosen))]
