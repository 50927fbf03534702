"""The classic recipe is a fair rival: a plain Keras model of its layers explains as much and ranks alike."""

import random
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.types import ANOMALY, HEALTHY, Batch, Record
from normocyte.datasets.opening.detect import open_cohort
from normocyte.detectors.contract import Training
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.images.reading import read
from normocyte.metrics.auroc import Auroc
from normocyte.pipeline.pipeline import Pipeline, stack
from normocyte.pipeline.recipe.recipe import find_recipe

pytestmark = pytest.mark.nih

REAL = Path(__file__).parents[3] / "shared" / "data" / "nih-malaria" / "cell_images"
TRAIN, HELD_OUT, TESTED = 480, 64, 250
EPOCHS = 8


@dataclass(frozen=True)
class Outcome:
    """What share of the variance of healthy cells a model explains, and how it ranks, on the same cells."""

    explained: float
    auroc: float


@dataclass(frozen=True)
class Cells:
    """Healthy cells to learn from, some held out, and healthy and infected ones of patients never seen."""

    train: Batch
    held_out: Batch
    healthy: Batch
    infected: Batch

    def judged(self, answer) -> Outcome:
        """Judge a function from pixels to what is expected there."""
        errors = [np.square(b.pixels - answer(b)).mean(axis=(1, 2, 3)) for b in (self.healthy, self.infected)]
        variance = np.square(self.healthy.pixels - self.train.pixels.mean(axis=0)).mean()
        labels = np.repeat(np.array([HEALTHY, ANOMALY], np.int8), [len(error) for error in errors])
        patients = np.arange(len(labels)).astype(str)
        ranked = Auroc(resamples=2).measure(np.concatenate(errors), labels, patients)
        return Outcome(1 - errors[0].mean() / variance, ranked.value)


def chosen(records: list[Record], label: int, count: int) -> list[Record]:
    return random.Random(7).sample([record for record in records if record.label == label], count)


def seen_by(pipeline: Pipeline, records: list[Record]) -> Batch:
    return stack([pipeline.prepare(read(record.source)) for record in records])


@pytest.fixture(scope="module")
def cells():
    if not REAL.is_dir():
        pytest.skip(f"the NIH malaria cells are not at hand: there is no {'/'.join(REAL.parts[-4:])}")
    pipeline, records = find_recipe("classic").pipeline(), open_cohort(REAL).records
    patients = sorted({record.patient for record in records})
    random.Random(7).shuffle(patients)
    known = set(patients[: len(patients) // 2])
    learnt = chosen([r for r in records if r.patient in known], HEALTHY, TRAIN + HELD_OUT)
    new = [record for record in records if record.patient not in known]
    parts = learnt[:TRAIN], learnt[TRAIN:], chosen(new, HEALTHY, TESTED), chosen(new, ANOMALY, TESTED)
    return Cells(*(seen_by(pipeline, part) for part in parts))


def plain():
    """What a textbook writes down."""
    layers = load_keras().layers

    def drawn(filters):
        return [
            layers.Conv2D(filters, 3, padding="same"),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]

    return load_keras().Sequential(
        [
            layers.Input((32, 32, 1)),
            *(*drawn(16), layers.MaxPooling2D(), *drawn(32), layers.MaxPooling2D()),
            *(layers.UpSampling2D(), *drawn(32), layers.UpSampling2D(), *drawn(16)),
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
        ]
    )


def test_a_plain_keras_model_of_the_same_layers_does_no_better_and_no_worse(cells):
    detector = replace(find_recipe("classic").members[0].detector, epochs=EPOCHS, least_updates=0)
    detector.fit(cells.train, cells.held_out, Training(1))
    load_keras().utils.set_random_seed(1)
    model = plain()
    model.compile(load_keras().optimizers.Adam(detector.learning_rate), "mse")
    model.fit(cells.train.pixels, cells.train.pixels, detector.batch_size, EPOCHS, verbose=0)
    ours = cells.judged(detector.expected)
    textbook = cells.judged(lambda batch: model.predict(batch.pixels, verbose=0))
    assert min(ours.explained, textbook.explained) >= 0.85
    assert ours.explained == pytest.approx(textbook.explained, abs=0.03)
    assert ours.auroc == pytest.approx(textbook.auroc, abs=0.02)
