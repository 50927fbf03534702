import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.resize import Resize


def block_average(values: np.ndarray) -> np.ndarray:
    return values.reshape(64, 2, 64, 2, -1).mean(axis=(1, 3))


def test_halving_averages_four_pixels_that_count(padded_cell):
    cell = CellMask().apply(padded_cell)
    weight = block_average(cell.mask.astype(np.float32))
    total = block_average(cell.pixels * cell.mask[..., np.newaxis])
    small = Resize(64).apply(cell)
    expected = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    np.testing.assert_allclose(small.pixels * (weight > 0), expected, rtol=1e-5)
    np.testing.assert_array_equal(small.mask, weight[..., 0] >= 0.5)


@pytest.mark.parametrize("size", [64, 50])
def test_bytes_give_the_same_numbers_as_floats_to_the_last_bit(padded_cell, size):
    image = np.random.default_rng(1).integers(0, 256, padded_cell.pixels.shape, np.uint8)
    mask = CellMask().apply(padded_cell).mask
    of_bytes = Resize(size).apply(Sample(None, mask, image))
    of_floats = Resize(size).apply(Sample(image.astype(np.float32), mask))
    np.testing.assert_array_equal(of_bytes.pixels, of_floats.pixels)
    np.testing.assert_array_equal(of_bytes.mask, of_floats.mask)


@pytest.mark.parametrize("size", [32, 48, 64, 100, 128, 200, 256])
def test_no_padding_leaks_into_the_cell_at_any_size(padded_cell, size):
    pixels = np.where(padded_cell.pixels > 0, np.float32(200), np.float32(0))
    cell = CellMask(erode=0).apply(Sample(pixels, padded_cell.mask))
    small = Resize(size).apply(cell)
    assert small.pixels.shape == (size, size, 3)
    np.testing.assert_allclose(small.pixels, 200, rtol=1e-5)


def test_without_mask_padding_does_leak(padded_cell):
    cell = CellMask(erode=0).apply(padded_cell)
    plain, masked = Resize(32, masked=False).apply(cell), Resize(32).apply(cell)
    np.testing.assert_array_equal(plain.mask, masked.mask)
    assert masked.pixels[masked.mask > 0, 0].min() == 140
    assert plain.pixels[plain.mask > 0, 0].min() < 120


def test_where_nothing_counts_stands_the_median_of_the_cell(padded_cell):
    small = Resize(64).apply(CellMask().apply(padded_cell))
    np.testing.assert_allclose(small.pixels[0, 0], [210, 150, 155])


def test_an_oblong_picture_becomes_square():
    sample = Sample(np.full((20, 90, 1), 7, np.float32), np.ones((20, 90), np.uint8))
    square = Resize(48).apply(sample)
    np.testing.assert_allclose(square.pixels, np.full((48, 48, 1), 7))
    assert square.mask.all()


@given(st.integers(8, 90), st.integers(5, 90), st.integers(5, 90), st.integers(0, 2**32 - 1))
def test_an_average_never_leaves_the_range_of_the_cell(size, height, width, seed):
    generator = np.random.default_rng(seed)
    pixels = generator.uniform(50, 200, (height, width, 3)).astype(np.float32)
    mask = (generator.random((height, width)) < 0.7).astype(np.uint8)
    counted = pixels[mask > 0]
    small = Resize(size).apply(Sample(pixels, mask))
    assert small.pixels.min() >= counted.min() - 0.1
    assert small.pixels.max() <= counted.max() + 0.1


def test_region_names_become_plain_ones(padded_cell):
    named = Sample(padded_cell.pixels, padded_cell.mask * np.uint8(5))
    assert Resize(32).apply(named).mask.max() == 1


def test_an_empty_mask_is_an_image_error(padded_cell):
    with pytest.raises(ImageError, match="Nothing in this image counts"):
        Resize().apply(Sample(padded_cell.pixels, np.zeros_like(padded_cell.mask)))


@pytest.mark.parametrize("size", [0, -3, 7, 1025])
def test_a_size_of_no_use_is_refused(size):
    with pytest.raises(ConfigError, match=f"size must be a whole number from 8 to 1024, not {size}"):
        Resize(size)
