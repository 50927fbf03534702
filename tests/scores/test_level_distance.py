"""Brightness and contrast of an image against those of healthy ones."""

import numpy as np
import pytest

from normocyte.core.errors import BundleError, TrainingError
from normocyte.scores.level_distance import LevelDistance


@pytest.fixture
def score():
    """One that has learnt 300 images with brightness 0.5 and contrast 0.1, each within a tenth of that."""
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, (300, 8, 8))
    noise = (noise - noise.mean((1, 2), keepdims=True)) / noise.std((1, 2), keepdims=True)
    levels = rng.normal([0.5, 0.1], [0.05, 0.01], (300, 2))[..., np.newaxis, np.newaxis]
    maps = (levels[:, 0] + levels[:, 1] * noise).astype(np.float32)
    fitted = LevelDistance()
    fitted.fit(maps, np.ones(maps.shape, np.uint8))
    return fitted


def image(brightness, contrast):
    """Half of the pixels above the brightness, half below, by the contrast."""
    signs = np.where(np.indices((8, 8)).sum(axis=0) % 2, 1, -1)
    return (brightness + contrast * signs).astype(np.float32)[np.newaxis]


@pytest.mark.parametrize(
    ("levels", "distance"), [((0.5, 0.1), 0), ((0.65, 0.1), 3), ((0.35, 0.1), 3), ((0.5, 0.13), 3)]
)
def test_the_distance_counts_in_standard_deviations_of_healthy_images(score, levels, distance):
    found = score.reduce(image(*levels), np.ones((1, 8, 8), np.uint8))
    assert found[0] == pytest.approx(distance, abs=0.35)


def test_where_a_level_lies_does_not_matter(score):
    one, masks = image(0.5, 0.2), np.ones((1, 8, 8), np.uint8)
    assert score.reduce(np.sort(one, axis=1), masks) == pytest.approx(score.reduce(one, masks), rel=1e-6)


def test_too_few_images_and_none_are_refused():
    two = np.zeros((2, 8, 8), np.float32)
    with pytest.raises(TrainingError, match="got 2 healthy images to learn from; give it at least 3"):
        LevelDistance().fit(two, np.ones(two.shape, np.uint8))
    with pytest.raises(TrainingError, match="has learnt from no image yet"):
        LevelDistance().reduce(two, np.ones(two.shape, np.uint8))


def test_a_bundle_that_lacks_what_was_learnt_is_refused():
    with pytest.raises(BundleError, match="lacks root of level_distance"):
        LevelDistance().restore({"centre": np.zeros(2)})
