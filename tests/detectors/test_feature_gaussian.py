import numpy as np
import pytest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.backbones.support.finding import find_backbone
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_gaussian import FeatureGaussian
from normocyte.detectors.feature_maps.encoder import encoder_for
from normocyte.detectors.feature_maps.pooled import Areas, pooled_table, shrunk_gaussian
from normocyte.scores.mean import Mean


def pictures(number, seed, blotted=False):
    """Smooth noise, 64 x 64 gray; blotted ones have a dark square in one corner."""
    rng = np.random.default_rng(seed)
    fine = rng.uniform(60, 200, (number, 16, 16, 1)).repeat(4, axis=1).repeat(4, axis=2)
    if blotted:
        fine[:, 40:56, 40:56] = 20
    return Batch(fine.astype(np.float32), np.ones((number, 64, 64), np.uint8))


HEALTHY = pictures(40, seed=1)


def learnt(areas=1, directions=20):
    detector = FeatureGaussian(areas=areas, directions=directions)
    detector.fit(HEALTHY, HEALTHY, Training())
    return detector


@pytest.mark.parametrize("areas", [1, 4, 16])
def test_the_mean_of_the_map_is_the_distance_of_the_picture(areas):
    others = pictures(6, seed=2)
    encoder = encoder_for(find_backbone("local_descriptors").features(), HEALTHY, is_smooth=False)
    parts = Areas.of(encoder, areas)
    gaussian = shrunk_gaussian(pooled_table(encoder, HEALTHY, parts, Training()), 20)
    distances = gaussian.distances(pooled_table(encoder, others, parts, Training()))
    scores = Mean().reduce(learnt(areas).maps(others), others.masks)
    np.testing.assert_allclose(scores, distances, rtol=5e-3)


def test_the_distance_of_few_directions_is_that_of_the_whole_covariance():
    table = np.random.default_rng(3).normal(size=(50, 6)) @ np.diag([9, 4, 2, 1, 1, 1])
    gaussian = shrunk_gaussian(table, 6)
    away = (table - gaussian.means) * gaussian.scales
    inverse = (
        gaussian.rest * np.eye(6) + gaussian.directions.T @ np.diag(gaussian.weights) @ gaussian.directions
    )
    expected = np.sqrt(np.einsum("nd,de,ne->n", away, inverse, away))
    np.testing.assert_allclose(gaussian.distances(table), expected)


def test_the_covariance_is_shrunk_as_scikit_learn_does_it():
    covariance = pytest.importorskip("sklearn.covariance")
    table = np.random.default_rng(4).normal(size=(30, 8))
    gaussian = shrunk_gaussian(table, 8)
    away = (table - gaussian.means) * gaussian.scales
    expected = np.linalg.inv(covariance.ledoit_wolf(away, assume_centered=True)[0])
    found = (
        gaussian.rest * np.eye(8) + gaussian.directions.T @ np.diag(gaussian.weights) @ gaussian.directions
    )
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_what_is_strange_in_one_corner_is_shown_there():
    maps = learnt(areas=4).maps(pictures(6, seed=5, blotted=True))
    assert (maps[:, 40:56, 40:56].mean(axis=(1, 2)) > 3 * maps[:, :24, :24].mean(axis=(1, 2))).all()


def test_areas_that_do_not_divide_the_places_are_refused_with_those_that_do():
    with pytest.raises(ConfigError, match=r"16 x 16 places .* areas = 3 x 3; choose one of 1, 2, 4, 8, 16"):
        learnt(areas=3)


def test_two_pictures_are_too_few():
    few = HEALTHY.take(np.arange(2))
    with pytest.raises(TrainingError, match="got 2 healthy images to learn from; give it at least 3"):
        FeatureGaussian().fit(few, few, Training())


def test_pictures_that_are_all_alike_give_a_finite_distance():
    alike = HEALTHY.take(np.zeros(5, np.intp))
    detector = FeatureGaussian()
    detector.fit(alike, alike, Training())
    assert np.isfinite(detector.maps(HEALTHY)).all()


def test_a_pixel_that_is_no_number_is_refused():
    bad = Batch(HEALTHY.pixels.copy(), HEALTHY.masks)
    bad.pixels[0, 0, 0] = np.nan
    with pytest.raises(TrainingError, match="1 pixel values of the healthy images are not finite"):
        FeatureGaussian().fit(bad, bad, Training())
