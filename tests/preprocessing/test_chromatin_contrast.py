import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.chromatin_contrast import ChromatinContrast
from normocyte.preprocessing.grayscale import Grayscale


def random_cell(seed: int) -> Sample:
    generator = np.random.default_rng(seed)
    pixels = generator.uniform(60, 220, (24, 24, 3)).astype(np.float32)
    return Sample(pixels, (generator.random((24, 24)) < 0.8).astype(np.uint8))


def test_chromatin_stands_out_and_plain_cell_does_not(small_cell):
    contrast = ChromatinContrast().apply(small_cell).pixels
    assert contrast.shape == (64, 64, 1)
    assert contrast[25, 38] > 0.3
    assert abs(contrast[45, 25]) < 1e-3


def test_outside_the_mask_is_zero(small_cell):
    assert not ChromatinContrast(background=8).apply(small_cell).pixels[small_cell.mask == 0].any()


def test_without_blur_it_is_the_weighted_log_ratio():
    sample = random_cell(3)
    medians = np.quantile(sample.pixels[sample.mask > 0], 0.5, axis=0, method="lower")
    expected = np.log(sample.pixels / medians) @ [0.5, -1, 0.5] * sample.mask
    contrast = ChromatinContrast(blur=0).apply(sample).pixels[..., 0]
    np.testing.assert_allclose(contrast, expected, atol=1e-5)


def test_the_blur_ignores_what_does_not_count():
    sample = random_cell(4)
    sharp = ChromatinContrast(blur=0).apply(sample).pixels[..., 0]
    counted = sample.mask.astype(np.float64)
    options = {"sigma": 1.5, "mode": "constant", "truncate": 4.0}
    expected = (
        gaussian_filter(sharp.astype(np.float64), **options) / gaussian_filter(counted, **options) * counted
    )
    blurred = ChromatinContrast(blur=1.5).apply(sample).pixels[..., 0]
    np.testing.assert_allclose(blurred, expected, atol=1e-4)


def test_the_wide_blur_takes_a_slope_away(small_cell):
    slope = np.linspace(0.7, 1.3, 64, dtype=np.float32)
    small_cell.pixels[..., 1] *= slope
    plain = ChromatinContrast().apply(small_cell).pixels[50, 16:48]
    local = ChromatinContrast(background=8).apply(small_cell).pixels[50, 16:48]
    assert np.abs(local).max() < 0.5 * np.abs(plain).max()


@given(st.tuples(*[st.floats(0.3, 1.1)] * 3), st.integers(0, 1000))
def test_gain_of_lamp_camera_and_stain_cancels(gains, seed):
    sample = random_cell(seed)
    changed = ChromatinContrast().apply(Sample(sample.pixels * np.float32(gains), sample.mask))
    np.testing.assert_allclose(changed.pixels, ChromatinContrast().apply(sample).pixels, atol=1e-4)


@given(st.integers(0, 2**32 - 1))
def test_what_darkens_all_channels_alike_cancels(seed):
    shade = np.random.default_rng(seed).uniform(0.4, 1, (24, 24, 1)).astype(np.float32)
    pink = np.array([210, 150, 155], np.float32)
    contrast = ChromatinContrast().apply(Sample(shade * pink, np.ones((24, 24), np.uint8)))
    np.testing.assert_allclose(contrast.pixels, 0, atol=1e-4)


def test_gain_multiplies(small_cell):
    once, four_times = (ChromatinContrast(gain=gain).apply(small_cell).pixels for gain in (1, 4))
    np.testing.assert_allclose(four_times, 4 * once, rtol=1e-6)


def test_gray_is_refused(padded_cell):
    with pytest.raises(ConfigError, match=r"chromatin_contrast needs 3 colour channels .* but got 1"):
        ChromatinContrast().apply(Grayscale().apply(padded_cell))


@pytest.mark.parametrize(
    "fields", [{"blur": -1.0}, {"background": -8.0}, {"gain": 0.0}, {"green": float("nan")}]
)
def test_impossible_fields_are_refused(fields):
    ((name, value),) = fields.items()
    with pytest.raises(ConfigError, match=f"{name} must be a number from .* to .*, not {value}"):
        ChromatinContrast(**fields)


@pytest.mark.parametrize("background", [3, 30])
def test_pictures_of_one_stack_are_blurred_each_alone(background):
    step, cells = ChromatinContrast(background=background), [random_cell(seed) for seed in range(3)]
    for together, cell in zip(step.stacked(cells), cells, strict=True):
        np.testing.assert_array_equal(together.pixels, step.apply(cell).pixels)
