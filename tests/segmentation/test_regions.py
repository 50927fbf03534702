"""What is measured of numbered regions, and of the values in one."""

import numpy as np
import pytest
from scipy.ndimage import find_objects, maximum

from normocyte.photo_checks.support.view import colour_of
from normocyte.segmentation.support.ranks import median, upper_quartile
from normocyte.segmentation.support.regions import Runs


@pytest.fixture
def labels():
    found = np.random.default_rng(0).integers(0, 9, (7, 11)).astype(np.int32).repeat(3, axis=1)
    found[found == 4] = 0
    return found


def test_windows_are_those_of_scipy_and_empty_for_a_number_that_is_not_there(labels):
    windows = Runs.of(labels).windows
    assert [w if w[0].start < w[0].stop else None for w in windows] == find_objects(labels)


def test_areas_and_highest_values_are_those_of_each_number(labels):
    plane = np.random.default_rng(1).random(labels.shape, np.float32)
    runs, numbers = Runs.of(labels), np.unique(labels)
    assert runs.areas.tolist() == np.bincount(labels.ravel()).tolist()
    assert runs.highest(plane)[numbers].tolist() == maximum(plane, labels, numbers).tolist()


@pytest.mark.parametrize("count", range(1, 40))
def test_median_and_upper_quartile_are_those_of_numpy(count):
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    assert median(values) == np.median(values)
    assert upper_quartile(values) == np.percentile(values, 75)


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_the_colour_of_a_part_is_the_median_of_each_channel(count):
    pixels = np.random.default_rng(count).integers(0, 256, (5, 8, 3), np.uint8)
    where = np.arange(40).reshape(5, 8) < count
    assert colour_of(pixels, where).tolist() == np.median(pixels[where], axis=0).tolist()
