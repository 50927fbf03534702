"""Whole pictures by their feature maps: feature_gaussian and feature_neighbours."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.backbones.support.finding import find_backbone
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_gaussian import FeatureGaussian
from normocyte.detectors.feature_maps.encoder import encoder_for
from normocyte.detectors.feature_maps.pooled import Areas, pooled_table, standard_of
from normocyte.detectors.feature_maps.shrinkage import shrunk
from normocyte.detectors.feature_neighbours import FeatureNeighbours
from normocyte.scores.mean import Mean


def pictures(number, seed, blotted=False):
    """Smooth noise, 64 x 64 gray; blotted ones have a dark square in one corner."""
    rng = np.random.default_rng(seed)
    fine = rng.uniform(60, 200, (number, 16, 16, 1)).repeat(4, axis=1).repeat(4, axis=2)
    if blotted:
        fine[:, 40:56, 40:56] = 20
    return Batch(fine.astype(np.float32), np.ones((number, 64, 64), np.uint8))


HEALTHY = pictures(40, seed=1)


each = pytest.mark.parametrize("kind", [FeatureGaussian, FeatureNeighbours])


def learnt(kind, areas=1, directions=20):
    detector = kind(areas=areas, directions=directions)
    detector.fit(HEALTHY, HEALTHY, Training())
    return detector


def tables(others, areas):
    """The numbers of healthy pictures and of others."""
    encoder = encoder_for(find_backbone("local_descriptors").features(), HEALTHY, is_smooth=False)
    parts = Areas.of(encoder, areas)
    return [pooled_table(encoder, batch, parts, Training()) for batch in (HEALTHY, others)]


def inverse_covariance(table, directions):
    """Of the standardised numbers, as feature_gaussian has it."""
    standard = standard_of(table)
    variances, shared = shrunk(standard, table, directions)
    along = standard.few(directions).directions
    return np.eye(table.shape[1]) / shared + along.T @ np.diag(1 / variances - 1 / shared) @ along


@pytest.mark.parametrize("areas", [1, 4, 16])
def test_the_mean_of_the_map_is_the_mahalanobis_distance(areas):
    others = pictures(6, seed=2)
    healthy, rows = tables(others, areas)
    away = standard_of(healthy).away(rows)
    expected = np.sqrt(np.einsum("nd,de,ne->n", away, inverse_covariance(healthy, 20), away))
    scores = Mean().reduce(learnt(FeatureGaussian, areas).maps(others), others.masks)
    np.testing.assert_allclose(scores, expected, rtol=1e-3)


@pytest.mark.parametrize("areas", [1, 4, 16])
def test_the_mean_of_the_map_is_the_distance_to_the_nearest_picture(areas):
    others = pictures(6, seed=2)
    healthy, rows = tables(others, areas)
    standard = standard_of(healthy).few(20)
    weighted = standard.directions.T * standard.variances**-0.25
    known, seen = (standard.away(one) @ weighted for one in (healthy, rows))
    expected = np.linalg.norm(seen[:, np.newaxis] - known, axis=2).min(axis=1)
    scores = Mean().reduce(learnt(FeatureNeighbours, areas).maps(others), others.masks)
    np.testing.assert_allclose(scores, expected, rtol=1e-3)


def test_the_covariance_is_shrunk_as_scikit_learn_does_it():
    covariance = pytest.importorskip("sklearn.covariance")
    table = np.random.default_rng(4).normal(size=(30, 8))
    expected = np.linalg.inv(covariance.ledoit_wolf(standard_of(table).away(table), assume_centered=True)[0])
    np.testing.assert_allclose(inverse_covariance(table, 8), expected, rtol=1e-4, atol=1e-6)


@each
def test_one_that_learns_mirror_images_judges_a_picture_as_its_mirror(kind):
    detector = kind(areas=4, mirrored=True)
    detector.fit(HEALTHY, HEALTHY, Training())
    seen = pictures(3, seed=6, blotted=True)
    turned = Batch(seen.pixels[:, :, ::-1].copy(), seen.masks)
    np.testing.assert_allclose(detector.maps(turned)[:, :, ::-1], detector.maps(seen), rtol=1e-3, atol=1e-3)


def test_one_that_learns_mirror_images_remembers_them():
    turned = Batch(HEALTHY.pixels[:, :, ::-1].copy(), HEALTHY.masks)
    detector = FeatureNeighbours(areas=4, directions=20, mirrored=True)
    detector.fit(HEALTHY, HEALTHY, Training())
    assert Mean().reduce(detector.maps(turned), turned.masks).max() < 0.05


def test_a_remembered_picture_has_no_distance():
    assert Mean().reduce(learnt(FeatureNeighbours, 4).maps(HEALTHY), HEALTHY.masks).max() < 0.05


def test_what_is_strange_in_one_corner_is_shown_there():
    maps = learnt(FeatureGaussian, areas=4).maps(pictures(6, seed=5, blotted=True))
    assert (maps[:, 40:56, 40:56].mean(axis=(1, 2)) > 3 * maps[:, :24, :24].mean(axis=(1, 2))).all()


def test_areas_that_do_not_divide_the_places_are_refused_with_those_that_do():
    with pytest.raises(ConfigError, match=r"16 x 16 places .* areas = 3 x 3; choose one of 1, 2, 4, 8, 16"):
        learnt(FeatureGaussian, areas=3)


def test_two_pictures_are_too_few():
    few = HEALTHY.take(np.arange(2))
    with pytest.raises(TrainingError, match=r"There are 2 healthy images .* give at least 3"):
        FeatureGaussian().fit(few, few, Training())


@each
def test_pictures_that_are_all_alike_give_a_finite_distance(kind):
    alike = HEALTHY.take(np.zeros(5, np.intp))
    detector = kind()
    detector.fit(alike, alike, Training())
    assert np.isfinite(detector.maps(HEALTHY)).all()


def test_a_pixel_that_is_no_number_is_refused():
    bad = Batch(HEALTHY.pixels.copy(), HEALTHY.masks)
    bad.pixels[0, 0, 0] = np.nan
    with pytest.raises(TrainingError, match="1 pixel values of the healthy images are not finite"):
        FeatureGaussian().fit(bad, bad, Training())
