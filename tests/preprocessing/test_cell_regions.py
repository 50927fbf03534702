import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import distance_transform_edt

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.cell_regions import CellRegions


def sample_of(mask: np.ndarray) -> Sample:
    return Sample(np.zeros((*mask.shape, 1), np.float32), mask.astype(np.uint8))


def disc(size: int, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:size, :size]
    return np.hypot(rows - size // 2, columns - size // 2) <= radius


def test_a_disc_is_all_body_in_shells_by_depth():
    mask = disc(64, 27)
    regions = CellRegions().apply(sample_of(mask)).mask
    body = regions > 2
    depth = distance_transform_edt(body)
    is_clear = body & ~np.isclose(depth[..., np.newaxis], [2, 5, 10], atol=0.25).any(axis=2)
    expected = 3 + (depth > 2).astype(int) + (depth > 5) + (depth > 10)
    assert is_clear.sum() > 0.75 * mask.sum()
    np.testing.assert_array_equal(regions[is_clear], expected[is_clear])


def test_a_tail_is_an_appendage_with_a_rim():
    mask = disc(64, 18)
    mask[30:35, 40:62] = True
    regions = CellRegions().apply(sample_of(mask)).mask
    assert regions[32, 56] == 2
    assert regions[30, 56] == 1
    assert regions[32, 32] == 6


@pytest.mark.parametrize("size", [32, 64, 128, 256])
def test_the_shells_grow_with_the_picture(size):
    regions = CellRegions().apply(sample_of(disc(size, 0.42 * size))).mask
    shares = np.bincount(regions.ravel(), minlength=7)[3:] / (regions > 0).sum()
    np.testing.assert_allclose(shares, [0.13, 0.21, 0.28, 0.37], atol=0.08)


def test_a_mask_with_no_room_for_a_body_is_its_own_body():
    stripe = np.zeros((64, 64), bool)
    stripe[30:33] = True
    assert CellRegions().apply(sample_of(stripe)).mask[stripe].min() >= 3


@given(st.integers(4, 40), st.integers(4, 40), st.floats(0.1, 0.99), st.integers(0, 2**32 - 1))
def test_what_counts_is_the_same_before_and_after(height, width, share, seed):
    mask = np.random.default_rng(seed).random((height, width)) < share
    regions = CellRegions().apply(sample_of(mask)).mask
    np.testing.assert_array_equal(regions > 0, mask)
    assert regions.max(initial=0) <= 6


def test_a_disc_as_large_as_the_cell_is_refused():
    with pytest.raises(ConfigError, match=r"opening must be a number from 0 to 0\.95, not 1\.0"):
        CellRegions(opening=1.0)
