"""A recipe that cannot see how the images differ is refused before it has cost an hour."""

import cv2
import numpy as np
import pytest

from normocyte.core.errors import DatasetError, TrainingError
from normocyte.core.types import Batch, Record, Source
from normocyte.pipeline.alike import check_differs, check_scores
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.training.visible import check_sees, is_blind_to_gray


@pytest.fixture
def records(tmp_path):
    """Makes records of small noisy images whose channels differ by at most so many levels."""

    def make(colour):
        rng = np.random.default_rng(0)
        for number in range(4):
            gray = rng.integers(60, 180, (20, 20, 1))
            image = np.clip(gray + rng.integers(0, colour + 1, (20, 20, 3)), 0, 255).astype(np.uint8)
            cv2.imwrite(str(tmp_path / f"{number}.png"), image)
        return [Record(Source(path), 0, path.stem) for path in sorted(tmp_path.iterdir())]

    return make


@pytest.mark.parametrize(("recipe", "is_blind"), [("pca", True), ("classic", False), ("stain_rule", False)])
def test_a_recipe_that_reads_colour_alone_is_known_from_its_steps(recipe, is_blind):
    (steps,) = find_recipe(recipe).pipeline().views
    assert is_blind_to_gray(steps) is is_blind


@pytest.mark.parametrize("noise", [0, 2])
def test_gray_images_are_refused_where_colour_alone_is_read(records, noise):
    with pytest.raises(DatasetError, match=r"images are gray.*chromatin_contrast.*such as classic\."):
        check_sees(find_recipe("pca").pipeline(), records(noise))


@pytest.mark.parametrize(("recipe", "colour"), [("pca", 60), ("classic", 0), ("classic", 60)])
def test_a_recipe_that_fits_the_images_passes(records, recipe, colour):
    check_sees(find_recipe(recipe).pipeline(), records(colour))


def test_images_that_the_steps_make_the_same_are_refused():
    masks = np.ones((3, 4, 4), np.uint8)
    with pytest.raises(DatasetError, match="All 3 training images are the same after the steps"):
        check_differs([Batch(np.full((3, 4, 4, 1), 0.5, np.float32), masks)])
    different = np.arange(3, dtype=np.float32).reshape(3, 1, 1, 1) + np.zeros((3, 4, 4, 1), np.float32)
    check_differs([Batch(different, masks)])


def test_scores_that_are_all_the_same_are_refused():
    with pytest.raises(TrainingError, match=r"All 5 calibration cells have the same score, 0\.25"):
        check_scores(np.full(5, 0.25))
    check_scores(np.array([0.25]))
    check_scores(np.array([0.25, 0.5]))
