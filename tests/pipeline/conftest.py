"""What the tests of the pipeline share: fakes of every part, drawn cells, and a small trained bundle."""

from dataclasses import dataclass

import numpy as np
import pytest

from normocyte.core.errors import ImageError
from normocyte.core.seeds import generator
from normocyte.core.types import Part, Sample
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import Kind, patient_look
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.pca import Pca
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.pipeline.member import Member
from normocyte.pipeline.pipeline import Calibration, Pipeline, stack
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.cell_regions import CellRegions
from normocyte.preprocessing.chromatin_contrast import ChromatinContrast
from normocyte.preprocessing.contract import Step
from normocyte.preprocessing.fill_background import FillBackground
from normocyte.preprocessing.resize import Resize
from normocyte.scores.contract import Score
from normocyte.scores.regional_tail import RegionalTail
from normocyte.thresholds.quantile import Quantile

STEPS = (CellMask(), FillBackground(), Resize(32), ChromatinContrast(), CellRegions())


@dataclass
class RefuseBlack(Step):
    """Refuses a black picture and masks out a white one."""

    def apply(self, sample):
        if not sample.pixels.any():
            raise ImageError("it is black; give another picture.")
        counts = np.uint8(sample.pixels.min() < 255)
        return Sample(sample.pixels, np.full_like(sample.mask, counts))


@dataclass
class Echo(Detector):
    """Finds each pixel as unusual as its red value."""

    def fit(self, healthy, held_out, training):
        """Learn nothing."""

    def expected(self, batch):
        return np.zeros_like(batch.pixels)

    def maps(self, batch):
        return batch.pixels[..., 0]


@dataclass
class FirstPixel(Score):
    """The upper left value, where it counts."""

    def reduce(self, maps, masks):
        return np.where(masks[:, 0, 0] > 0, maps[:, 0, 0], np.nan).astype(np.float64)


@pytest.fixture(scope="session")
def fake():
    """A pipeline that scores the upper left red value: cut at 100, calibrated on 10, 20 ... 90."""
    threshold = Quantile()
    threshold.cut = 100.0
    calibration = Calibration(np.arange(10.0, 100, 10), np.array(["P"] * 9))
    return Pipeline((Member((RefuseBlack(),), Echo(), FirstPixel()),), threshold, calibration)


@pytest.fixture(scope="session")
def picture():
    """Make a picture of one grey."""
    return lambda value, size=4: np.full((size, size, 3), value, np.uint8)


@pytest.fixture(scope="session")
def drawn():
    """Draw pictures of healthy or infected cells, from a seed."""

    def draw(number, seed, kind=Kind.HEALTHY):
        looks = [patient_look(generator(seed, "patient", patient)) for patient in range(4)]
        return [draw_cell(generator(seed, "cell", index), looks[index % 4], kind) for index in range(number)]

    return draw


def _learnt_pipeline(recipe: Recipe, drawn) -> Pipeline:
    pipeline = recipe.pipeline()
    healthy, held_out, calibration = (
        stack([pipeline.prepare(image) for image in drawn(number, seed)])
        for number, seed in ((40, 1), (4, 2), (30, 3))
    )
    (member,) = pipeline.members
    member.detector.fit(healthy, held_out, Training(1))
    member.score.fit(pipeline.maps(healthy), healthy.masks)
    scores, patients = pipeline.scores(calibration), np.array([f"C{index % 4}" for index in range(30)])
    pipeline.calibration = Calibration.of(scores, patients)
    pipeline.threshold.fit(scores, patients, np.zeros(30, np.int8))
    return pipeline


@pytest.fixture(scope="session")
def trained(drawn):
    """A bundle, as training makes it, whose score has learnt too; nobody may change it."""
    recipe = Recipe((Member(STEPS, Pca(components=8), RegionalTail()),), Quantile(0.1), seed=5)
    parts = tuple(
        PartFacts(part.value, 10 + number, (f"A{number}", f"B{number}"))
        for number, part in enumerate(Part)
        if part is not Part.LEFT_OUT
    )
    facts = Facts("synthetic", "0123abcd", parts, unreadable=2)
    return Bundle(_learnt_pipeline(recipe, drawn), recipe, facts)
