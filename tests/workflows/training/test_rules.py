"""What a rule for the threshold needs is known before anything learns, as far as it can be."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from normocyte.core.errors import DatasetError, TrainingError
from normocyte.core.progress import Silent
from normocyte.core.types import ANOMALY, HEALTHY, Record, Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.thresholds.calibration_conditional import CalibrationConditional
from normocyte.workflows.training.train import train

RECIPE = replace(find_recipe("classic"), members=find_recipe("gray_levels").members, cell_checks=())


@pytest.fixture
def cohort(tmp_path):
    """Makes noisy images of so many patients, one of each anomalous; every third patient differs."""

    def make(patients, each):
        records, rng = [], np.random.default_rng(0)
        for number in range(patients * each):
            patient = number % patients
            noise = rng.normal(120, 3 + 40 * (patient % 3 == 0), (24, 24, 3))
            path = tmp_path / f"{number}.png"
            cv2.imwrite(str(path), np.clip(noise, 0, 255).astype(np.uint8))
            label = ANOMALY if number < patients else HEALTHY
            records.append(Record(Source(path), label, f"P{patient}"))
        return Cohort("noise", tuple(records)).told()

    return make


def test_too_few_patients_are_refused_with_the_share_that_the_split_takes(cohort, tmp_path):
    recipe = replace(RECIPE, threshold=CalibrationConditional())
    with pytest.raises(DatasetError, match=r"needs 10 patients .* The split takes 3 of 20 patients"):
        train(recipe, cohort(20, 4), tmp_path / "out" / "bundle", Silent())


def test_patients_that_differ_too_much_are_refused_with_what_is_kept(cohort, tmp_path):
    recipe = replace(RECIPE, threshold=CalibrationConditional(0.1))
    with pytest.raises(TrainingError, match=r"with 90 % confidence") as refused:
        train(recipe, cohort(80, 5), tmp_path / "out" / "bundle", Silent())
    assert "Networks that have learnt are kept" in refused.value.message
