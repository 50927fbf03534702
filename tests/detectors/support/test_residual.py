"""The difference between seen and expected, with a sign."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.detectors.pca import Pca
from normocyte.detectors.support.residual import DIRECTIONS, signed_residual

seeds = st.integers(0, 2**32 - 1)
channels = st.sampled_from([1, 2, 3])
directions = st.sampled_from(sorted(DIRECTIONS))


def pair(seed: int, depth: int) -> np.ndarray:
    return np.random.default_rng(seed).random((2, 3, 4, 5, depth)).astype(np.float32)


@given(seed=seeds, depth=channels, darker_is=directions)
def test_the_mean_of_its_squares_is_the_mean_squared_error(seed, depth, darker_is):
    seen, expected = pair(seed, depth)
    residual = signed_residual(seen, expected, darker_is)
    assert (residual.shape, residual.dtype) == ((3, 4, 5), np.float32)
    assert np.mean(np.square(residual)) == pytest.approx(np.mean(np.square(seen - expected)), rel=1e-5)


@given(seed=seeds, depth=channels)
def test_the_other_direction_has_the_other_sign(seed, depth):
    seen, expected = pair(seed, depth)
    higher, lower = (signed_residual(seen, expected, word) for word in ("higher", "lower"))
    np.testing.assert_array_equal(higher, -lower)


@given(seed=seeds, depth=channels)
def test_a_darker_pixel_is_positive(seed, depth):
    seen, less = pair(seed, depth)
    assert (signed_residual(seen - less, seen, "lower") >= 0).all()
    assert (signed_residual(seen + less, seen, "higher") >= 0).all()


@pytest.mark.parametrize("word", ["", "Higher", "dark"])
def test_another_direction_is_refused_with_its_value(word):
    with pytest.raises(ConfigError, match=f"darker_is must be one of higher, lower, not '{word}'"):
        Pca(darker_is=word)


@pytest.mark.parametrize(("reading", "weights"), [("contrast", (-0.5, 1, -0.5)), ("green", (0, 1, 0))])
@given(seed=seeds)
def test_a_reading_weighs_the_colours_of_the_residual(reading, weights, seed):
    seen, expected = pair(seed, 3)
    maps = signed_residual(seen, expected, "higher", reading)
    assert maps.dtype == np.float32
    np.testing.assert_allclose(maps, (seen - expected) @ np.array(weights), atol=1e-5)
    np.testing.assert_array_equal(signed_residual(seen, expected, "lower", reading), -maps)


def test_what_darkens_all_colours_alike_has_no_contrast():
    seen, _ = pair(1, 3)
    assert np.abs(signed_residual(seen + 1, seen, "higher", "contrast")).max() < 1e-6


@pytest.mark.parametrize("depth", [1, 2])
def test_colours_cannot_be_read_where_there_are_none(depth):
    with pytest.raises(ConfigError, match=f"'green' needs red, green and blue, .* sees {depth} channels"):
        signed_residual(*pair(1, depth), "higher", "green")


@pytest.mark.parametrize("word", ["", "Green", "red"])
def test_another_reading_is_refused_with_its_value(word):
    with pytest.raises(ConfigError, match=f"signed, two_sided, contrast, green, not '{word}'"):
        Pca(reading=word)


@given(seed=seeds, depth=channels, darker_is=directions)
def test_a_two_sided_residual_is_the_size_of_the_signed_one(seed, depth, darker_is):
    seen, expected = pair(seed, depth)
    both = signed_residual(seen, expected, darker_is, "two_sided")
    assert (both.shape, both.dtype) == ((3, 4, 5), np.float32)
    np.testing.assert_allclose(both, np.abs(signed_residual(seen, expected, darker_is)), rtol=1e-6)


def test_another_colour_of_the_same_brightness_counts_when_two_sided():
    expected = np.full((1, 2, 2, 3), 0.5, np.float32)
    seen = expected + np.array([0.2, -0.1, -0.1], np.float32)
    np.testing.assert_allclose(signed_residual(seen, expected, "lower", "two_sided"), 0.1414, atol=1e-4)
