import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.fill_background import FillBackground
from normocyte.preprocessing.support.channels import cell_medians


def test_the_padding_takes_the_colour_of_the_cell_and_the_cell_stays(padded_cell):
    cell = CellMask().apply(padded_cell)
    filled = FillBackground().apply(cell)
    np.testing.assert_array_equal(
        filled.pixels[cell.mask == 0], [[210, 150, 155]] * int((cell.mask == 0).sum())
    )
    np.testing.assert_array_equal(filled.pixels[cell.mask > 0], cell.pixels[cell.mask > 0])


def test_one_channel_is_filled_too():
    pixels = np.zeros((8, 8, 1), np.float32)
    pixels[2:6, 2:6] = 9
    filled = FillBackground().apply(Sample(pixels, (pixels[..., 0] > 0).astype(np.uint8)))
    assert (filled.pixels == 9).all()


def test_an_empty_mask_is_an_image_error(padded_cell):
    with pytest.raises(ImageError, match="Nothing in this image counts"):
        FillBackground().apply(Sample(padded_cell.pixels, np.zeros((128, 128), np.uint8)))


@given(st.integers(1, 50), st.integers(1, 59), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_the_median_of_few_pixels_is_exact(height, width, channels, seed):
    generator = np.random.default_rng(seed)
    pixels = generator.normal(0, 50, (height, width, channels)).astype(np.float32)
    mask = (generator.random((height, width)) < 0.6).astype(np.uint8)
    mask[0, 0] = 1
    expected = np.quantile(pixels[mask > 0], 0.5, axis=0, method="lower")
    np.testing.assert_array_equal(cell_medians(pixels, mask), expected)


@pytest.mark.parametrize("size", [128, 200, 400])
def test_the_median_of_many_pixels_is_close(size):
    pixels = np.random.default_rng(2).normal(150, 15, (size, size, 3)).astype(np.float32)
    exact = np.median(pixels.reshape(-1, 3), axis=0)
    np.testing.assert_allclose(cell_medians(pixels, np.ones((size, size), np.uint8)), exact, atol=1)


def test_a_mask_that_the_stride_would_miss_is_seen():
    mask = np.zeros((300, 300), np.uint8)
    mask[1::13] = 1
    assert cell_medians(np.full((300, 300, 1), 4, np.float32), mask) == 4
