"""The exam that every field check passes."""

import functools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.registry import part_class, part_names
from normocyte.photo_checks.contract import Photo

NAMES = part_names("photo_checks")
sides = st.integers(1, 90)
seeds = st.integers(0, 2**32 - 1)
AT_THE_CAMERAS_PIXELS = {"grid"}
"""The pixels of a screen show at the camera's own, and at no other resolution."""
AT_ANY_SIZE = 0.2
"""By how much, as a share, a measure may change with the resolution of the photo."""
UNTIL = {"pattern": 2.0, "grain": 1.0, "unevenness": 0.02, "cells": 0.05}
"""The same for those that noise and rounding drive where nothing is: far within the limits."""


def noise(height: int, width: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


pictures = st.builds(noise, sides, sides, seeds) | st.builds(
    lambda height, width, value: np.full((height, width, 3), value, np.uint8),
    sides,
    sides,
    st.integers(0, 255),
)


@st.composite
def photos(draw):
    """Any picture; somebody has found cells in it, rightly or not, or nobody has looked."""
    pixels = draw(pictures)
    if draw(st.booleans()):
        return Photo(pixels)
    cells = np.random.default_rng(draw(seeds)).random(pixels.shape[:2]) < draw(st.sampled_from([0, 0.5, 1]))
    return Photo(pixels, cells, draw(st.floats(0, 1e6)), draw(st.integers(0, 10**6)))


@functools.cache
def drawn(height: int) -> np.ndarray:
    """Discs of two sizes and one colour, soft, on a plain ground."""
    pixels = np.full((960, 1280, 3), (196, 216, 200), np.uint8)
    for number, place in enumerate(np.ndindex(8, 11)):
        centre = (int(70 + 112 * place[1] + 9 * (number % 3)), int(70 + 115 * place[0]))
        cv2.circle(pixels, centre, 38 + 4 * (number % 2), (140, 104, 132), -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(pixels, (0, 0), 3)
    shown = cv2.resize(soft, (height * 4 // 3, height), interpolation=cv2.INTER_AREA)
    shown.flags.writeable = False
    return shown


def values(name: str, photo: Photo) -> dict[str, float]:
    return {measure.name: measure.value for measure in part_class("photo_checks", name)().measures(photo)}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=5)
@given(photo=photos())
def test_every_photo_gives_finite_numbers_that_are_not_negative(name, photo):
    measured = list(values(name, photo).values())
    assert measured
    assert np.isfinite(measured).all()
    assert min(measured) >= 0


@pytest.mark.parametrize("name", NAMES)
def test_a_photo_measures_the_same_twice_and_stays_as_it_is(name):
    pixels = drawn(360).copy()
    assert values(name, Photo(pixels)) == values(name, Photo(drawn(360)))
    np.testing.assert_array_equal(pixels, drawn(360))


@pytest.mark.parametrize("height", [360, 960])
@pytest.mark.parametrize("name", NAMES)
def test_the_resolution_of_a_photo_does_not_matter(name, height):
    usual, other = values(name, Photo(drawn(600))), values(name, Photo(drawn(height)))
    wrong = {
        key: (usual[key], other[key])
        for key in usual.keys() - AT_THE_CAMERAS_PIXELS
        if not np.isclose(other[key], usual[key], rtol=UNTIL.get(key, AT_ANY_SIZE), atol=0.005)
    }
    assert wrong == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_mask_from_elsewhere_gives_about_the_same_as_the_rough_look(name):
    pixels = drawn(480)
    cells = pixels[..., 1] < 160
    rough, given_mask = values(name, Photo(pixels)), values(name, Photo(pixels, cells, 40.0, 88))
    wrong = {
        key: (rough[key], given_mask[key])
        for key in rough
        if not np.isclose(given_mask[key], rough[key], rtol=UNTIL.get(key, AT_ANY_SIZE), atol=0.005)
    }
    assert wrong == {}


@pytest.mark.parametrize("name", NAMES)
def test_good_lies_within_usable_and_a_limited_side_has_words(name):
    for measure in part_class("photo_checks", name)().measures(Photo(noise(20, 30, 0))):
        low, high = measure.usable
        assert 0 <= low <= measure.good[0] < measure.good[1] <= high
        assert bool(measure.too_low) == (low > 0 and measure.name != "unevenness")
        assert bool(measure.too_high) == np.isfinite(high)


def test_no_two_checks_give_measures_of_one_name():
    photo = Photo(noise(20, 30, 0))
    names = [key for name in NAMES for key in values(name, photo)]
    assert len(set(names)) == len(names)
