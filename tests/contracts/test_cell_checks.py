"""The exam that every check passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.registry import part_class, part_names

NAMES = part_names("cell_checks")
sides = st.integers(1, 200)
seeds = st.integers(0, 2**32 - 1)


def noise(height: int, width: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


pictures = st.builds(noise, sides, sides, seeds) | st.builds(
    lambda height, width, value: np.full((height, width, 3), value, np.uint8),
    sides,
    sides,
    st.integers(0, 255),
)


@pytest.mark.parametrize("name", NAMES)
@given(images=st.lists(pictures, max_size=4))
def test_every_picture_gives_finite_numbers_that_are_not_negative(name, images):
    check = part_class("cell_checks", name)()
    values = check.measure(Thumbnails.of(images))
    assert values.shape == (len(images), len(check.columns))
    assert values.dtype == np.float64
    assert np.isfinite(values).all()
    assert (values >= 0).all()


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_a_picture_measures_the_same_in_any_company(name, seed):
    images = [noise(40 + 7 * row, 90 - 5 * row, seed + row) for row in range(6)]
    images[2][:] = 0
    order = np.random.default_rng(seed).permutation(6)
    check = part_class("cell_checks", name)()
    together = check.measure(Thumbnails.of(images))
    alone = [check.measure(Thumbnails.of([images[row]]))[0] for row in order]
    turned = check.measure(Thumbnails.of([images[row] for row in order]))
    np.testing.assert_allclose(turned, together[order], rtol=1e-6)
    np.testing.assert_allclose(alone, together[order], rtol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stays_as_it_is(name):
    image, before = noise(70, 60, 1), noise(70, 60, 1)
    part_class("cell_checks", name)().measure(Thumbnails.of([image]))
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_has_a_name_of_its_own_and_a_side_on_which_it_is_limited(name):
    measures = part_class("cell_checks", name)().measures
    assert len({measure.name for measure in measures}) == len(measures)
    assert all(measure.too_low or measure.too_high for measure in measures)
    assert all(measure.least_ratio > 1 and measure.room_above >= 1 for measure in measures)


def test_no_two_checks_give_measures_of_one_name():
    names = [measure.name for name in NAMES for measure in part_class("cell_checks", name)().measures]
    assert len(set(names)) == len(names)
