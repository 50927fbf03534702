"""The nearest of remembered healthy patches."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.patch_memory import PatchMemory
from normocyte.detectors.support.choosing import crowded, farthest_first
from normocyte.detectors.support.onnx_graph import count_parameters

ONE_PIXEL = {
    "windows": (1,),
    "components": 1,
    "step": 1,
    "whitening": 0.0,
    "isolated": 0.0,
    "depth_weight": 0.0,
}


def plain(*values: float) -> Batch:
    """Cells of one value each."""
    pixels = np.stack([np.full((4, 4, 1), value, np.float32) for value in values])
    return Batch(pixels, np.ones(pixels.shape[:3], np.uint8))


@pytest.mark.parametrize(
    ("seen", "expected"), [(0.2, 0.0), (0.8, 0.0), (1.1, 0.3), (0.4, 0.2), (0.7, -0.1), (0.1, -0.1)]
)
@pytest.mark.parametrize("distance", ["dark_spot", "full"])
def test_it_is_the_signed_distance_to_the_nearest_that_is_remembered(distance, seen, expected):
    detector = PatchMemory(**ONE_PIXEL, patches=2, distance=distance)
    detector.fit(plain(0.2, 0.8), plain(0.5), Training(1))
    np.testing.assert_allclose(detector.maps(plain(seen)), expected, atol=1e-5)


def test_lower_may_be_darker():
    detector = PatchMemory(**ONE_PIXEL, patches=2, darker_is="lower")
    detector.fit(plain(0.2, 0.8), plain(0.5), Training(1))
    np.testing.assert_allclose(detector.maps(plain(0.1)), 0.1, atol=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_farthest_is_chosen_next(seed):
    table = np.array([[0], [1], [2], [10]], np.float32)
    assert 3 in farthest_first(table, 2, Training(), np.random.default_rng(seed))


def test_what_is_already_remembered_is_not_chosen_again():
    table = np.repeat(np.array([[0], [1]], np.float32), 10, axis=0)
    assert len(farthest_first(table, 5, Training(), np.random.default_rng(1))) == 2


def test_the_isolated_share_is_left_out():
    table = np.append(np.random.default_rng(1).normal(0, 1, (99, 2)), [[50, 50]], axis=0).astype(np.float32)
    np.testing.assert_array_equal(crowded(table, 0.01, np.random.default_rng(1)), np.arange(99))


def test_nothing_is_left_out_when_no_share_is_isolated(cells):
    table = cells(30, seed=1).pixels.reshape(30, -1)
    np.testing.assert_array_equal(crowded(table, 0.0, np.random.default_rng(1)), np.arange(30))


def test_many_cells_at_once_get_the_same_map_as_one(cells, healthy):
    detector, many = PatchMemory(components=8, patches=50), cells(33, seed=5)
    detector.fit(healthy, healthy, Training(1))
    one_by_one = [detector.maps(many.take(np.array([row]))) for row in range(33)]
    np.testing.assert_allclose(detector.maps(many), np.concatenate(one_by_one), rtol=0, atol=1e-5)


def test_a_memory_that_would_not_fit_is_refused_with_its_bytes():
    with pytest.raises(
        ConfigError, match=r"100,000 patches of 31 numbers takes 12,400,000 bytes.*lower patches"
    ):
        PatchMemory(patches=100_000)


def test_a_larger_memory_may_be_allowed():
    assert PatchMemory(patches=100_000, most_megabytes=12.0).memory_bytes == 12_400_000


def test_the_memory_takes_the_bytes_it_says(healthy):
    detector = PatchMemory(windows=(3,), components=4, patches=100)
    detector.fit(healthy, healthy, Training(1))
    assert 4 * count_parameters(detector.graph_) == detector.memory_bytes + 4 * (4 * 9 + 5)


def test_the_bundle_keeps_the_memory_once(cells):
    detector, many = PatchMemory(patches=1000, isolated=0.0), cells(100, seed=1)
    detector.fit(many, many, Training(1))
    assert detector.memory_bytes < len(detector.graph_) < 1.5 * detector.memory_bytes


def test_fewer_patches_than_it_shall_remember_are_refused(cells, held_out):
    with pytest.raises(TrainingError, match=r"A memory of 50 patches .*the cells gave 15; lower"):
        PatchMemory(components=8, patches=50).fit(cells(1, seed=1), held_out, Training(1))


@pytest.mark.parametrize(
    "fields", [{"patches": 0}, {"isolated": 0.6}, {"whitening": 1.5}, {"depth_weight": -1.0}]
)
def test_impossible_fields_are_refused(fields):
    with pytest.raises(ConfigError, match=str(next(iter(fields.values())))):
        PatchMemory(**fields)
