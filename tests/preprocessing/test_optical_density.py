import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.chromatin_contrast import ChromatinContrast
from normocyte.preprocessing.optical_density import OpticalDensity


def random_cell(seed: int) -> Sample:
    generator = np.random.default_rng(seed)
    pixels = generator.uniform(60, 220, (24, 24, 3)).astype(np.float32)
    return Sample(pixels, (generator.random((24, 24)) < 0.8).astype(np.uint8))


def test_a_tenth_of_the_cells_own_light_is_a_density_of_one(small_cell):
    small_cell.pixels[30, 30] *= 0.1
    density = OpticalDensity().apply(small_cell).pixels
    np.testing.assert_allclose(density[30, 30], 1, atol=1e-5)
    np.testing.assert_allclose(density[45, 25], 0, atol=1e-5)


def test_against_white_a_tenth_of_white_is_a_density_of_one(small_cell):
    small_cell.pixels[30, 30] = 20
    assert OpticalDensity("white", white=200).apply(small_cell).pixels[30, 30] == pytest.approx(1)


def test_outside_the_mask_is_zero(small_cell):
    small_cell.pixels[small_cell.mask == 0] = 255
    density = OpticalDensity("white", blur=2).apply(small_cell)
    assert not density.pixels[small_cell.mask == 0].any()
    np.testing.assert_array_equal(density.mask, small_cell.mask)


def test_the_blur_ignores_what_does_not_count():
    inside, outside = random_cell(5), random_cell(5)
    outside.pixels[outside.mask == 0] = 1
    blurred, same = (OpticalDensity(blur=1.5).apply(cell).pixels for cell in (inside, outside))
    np.testing.assert_array_equal(blurred, same)


def test_the_blur_takes_noise_away_and_leaves_one_colour_as_it_is(small_cell):
    noise = np.random.default_rng(1).normal(0, 5, small_cell.pixels.shape).astype(np.float32)
    noisy = Sample(small_cell.pixels + noise, small_cell.mask)
    sharp, blurred = (OpticalDensity(blur=blur).apply(noisy).pixels[40:50, 20:40] for blur in (0, 1.5))
    assert blurred.std() < 0.5 * sharp.std()
    flat = OpticalDensity("white", white=300, blur=3).apply(small_cell).pixels[40:50, 20:30]
    np.testing.assert_allclose(flat, np.broadcast_to(flat[0, 0], flat.shape), rtol=1e-3)


@given(st.integers(0, 1000), st.sampled_from([0.0, 1.0]))
def test_green_less_half_of_red_and_blue_is_the_chromatin_contrast(seed, blur):
    sample = random_cell(seed)
    density = OpticalDensity(blur=blur, gain=np.log(10)).apply(sample).pixels
    contrast = ChromatinContrast(blur=blur).apply(sample).pixels[..., 0]
    np.testing.assert_allclose(density @ np.float32([-0.5, 1, -0.5]), contrast, atol=1e-4)


@given(st.tuples(*[st.floats(0.3, 1.1)] * 3), st.integers(0, 1000))
def test_gain_of_lamp_camera_and_stain_cancels(gains, seed):
    sample = random_cell(seed)
    dimmed = Sample(sample.pixels * np.float32(gains), sample.mask)
    before, after = (OpticalDensity().apply(cell).pixels for cell in (sample, dimmed))
    np.testing.assert_allclose(after, before, atol=1e-4)


def test_a_gray_picture_has_one_density(small_cell):
    gray = Sample(small_cell.pixels[..., :1], small_cell.mask)
    assert OpticalDensity(blur=1).apply(gray).pixels.shape == (64, 64, 1)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reference": "sky"}, "reference must be one of cell, white, not 'sky'"),
        ({"white": 0.0}, "white must be a number from 1 to 65535, not 0.0"),
        ({"blur": -1.0}, "blur must be a number from 0 to 20, not -1.0"),
        ({"gain": 0.0}, "gain must be a number from 0.001 to 1000, not 0.0"),
    ],
)
def test_impossible_fields_are_refused(fields, message):
    with pytest.raises(ConfigError, match=message):
        OpticalDensity(**fields)
