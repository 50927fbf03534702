"""Synthetic anomalies in images of anything."""

import numpy as np
import pytest

from normocyte.datasets.drawing.anomalies import KINDS, anomalous


@pytest.fixture(scope="module")
def pair():
    """Two healthy images of different sizes: blobs on a black surround."""
    rng = np.random.default_rng(0)
    images = []
    for side in (64, 80):
        down, right = np.mgrid[:side, :side] - (side - 1) / 2
        image = 120 + 40 * np.sin(right / 5) + rng.normal(0, 6, (side, side))
        image *= np.hypot(down, right) < 0.45 * side
        images.append(np.clip(image, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2))
    return images


@pytest.mark.parametrize("kind", KINDS)
def test_an_anomaly_changes_the_image_and_depends_on_the_seed_alone(kind, pair):
    image, other = pair
    made = anomalous(kind, image, other, 1)
    assert made.shape == image.shape
    assert made.dtype == np.uint8
    assert (np.abs(made.astype(int) - image).max(axis=2) > 4).mean() > 0.002
    assert np.array_equal(made, anomalous(kind, image, other, 1))
    assert not np.array_equal(made, anomalous(kind, image, other, 2))


@pytest.mark.parametrize("kind", ["pasted patch", "blob", "intensity", "texture"])
def test_a_local_anomaly_leaves_the_surround_as_it_is(kind, pair):
    image, other = pair
    surround = image.max(axis=2) == 0
    for seed in range(5):
        assert np.array_equal(anomalous(kind, image, other, seed)[surround], image[surround])


@pytest.mark.parametrize("kind", KINDS)
def test_a_gray_image_stays_gray(kind, pair):
    made = anomalous(kind, *pair, 3).astype(int)
    assert np.abs(np.ptp(made, axis=2)).max() <= 1


def test_an_image_of_one_colour_can_be_given_a_blob():
    plain = np.full((40, 30, 3), 90, np.uint8)
    assert (anomalous("blob", plain, plain, 0) != plain).any()
