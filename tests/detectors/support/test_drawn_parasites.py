"""Drawn parasites: darker spots inside healthy cells, from a seed, and nothing else changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.types import Batch
from normocyte.detectors.support.drawn_parasites import Drawing, with_coarse_noise, with_parasites

STRENGTHS = (1.2, 12.0)


def flat_cells(count: int, size: int = 64, channels: int = 1) -> Batch:
    """Cells without any contrast: a disc that counts on a square that does not."""
    down, right = np.indices((size, size)) - size / 2 + 0.5
    disc = (np.hypot(down, right) < 0.4 * size).astype(np.uint8)
    return Batch(np.zeros((count, size, size, channels), np.float32), np.tile(disc, (count, 1, 1)))


def draw(cells: Batch, seed: int = 0, share: float = 1.0, bodies: float = 0.0) -> np.ndarray:
    return with_parasites(cells, np.random.default_rng(seed), Drawing(STRENGTHS, share, bodies))


@given(st.integers(0, 2**32))
def test_the_same_seed_draws_the_same_parasites(seed):
    assert np.array_equal(draw(flat_cells(2), seed), draw(flat_cells(2), seed))


@given(st.integers(0, 2**32), st.sampled_from([32, 48, 64]))
def test_every_drawing_darkens_some_pixel_of_the_cell_and_none_beside_it(seed, size):
    cells = flat_cells(1, size)
    drawn = draw(cells, seed)[0, ..., 0]
    assert drawn.max() > 0.05
    assert not drawn[cells.masks[0] == 0].any()


def test_no_share_leaves_all_cells_as_they_were():
    assert not draw(flat_cells(4), share=0.0).any()


def test_about_the_share_is_drawn_on():
    touched = draw(flat_cells(200), share=0.8).any(axis=(1, 2, 3))
    assert 0.7 < touched.mean() < 0.9


def test_the_healthy_cells_themselves_are_left_alone():
    cells = flat_cells(3)
    draw(cells)
    assert not cells.pixels.any()


def test_a_cell_without_a_mask_is_left_as_it_is():
    assert not draw(Batch(np.zeros((1, 32, 32, 1), np.float32), np.zeros((1, 32, 32), np.uint8))).any()


def test_centres_lie_in_named_regions_where_there_are_any():
    cells = flat_cells(60)
    left = cells.masks * (1 + (np.arange(64) < 20)).astype(np.uint8)  # 2 = a region on the left side
    drawn = draw(Batch(cells.pixels, left))[..., 0].sum(axis=0)
    assert drawn[:, :32].sum() > 10 * np.abs(drawn[:, 48:]).sum()


@given(st.integers(0, 2**32))
def test_green_darkens_most_of_three_colours(seed):
    red, green, blue = draw(flat_cells(3, channels=3), seed).max(axis=(0, 1, 2))
    assert green > max(red, blue) > 0


@given(st.integers(0, 2**32), st.sampled_from([0.0, 1.0]))
def test_the_medians_of_coloured_cells_stay_where_they_were(seed, bodies):
    cells = flat_cells(1, channels=3)
    drawn = draw(cells, seed, bodies=bodies)[0]
    np.testing.assert_allclose(np.median(drawn[cells.masks[0] > 0], axis=0), 0, atol=1e-5)
    assert not drawn[cells.masks[0] == 0].any()


def test_large_bodies_are_larger_and_fainter_than_parasites():
    cells = flat_cells(60)
    parasites, bodies = draw(cells), draw(cells, bodies=1.0)
    assert (bodies > 0.2).mean() > 3 * (parasites > 0.2).mean()
    assert bodies.max() < parasites.max()


@pytest.mark.parametrize("channels", [2, 3])
def test_the_drawing_is_the_darkening_in_contrast_or_in_each_colour(channels):
    cells = flat_cells(4, channels=channels)
    drawn = draw(cells)
    is_alike = np.ptp(drawn, axis=-1).max() == 0
    assert is_alike == (channels == 2)


@pytest.mark.parametrize("most", [0.0, 0.3])
def test_coarse_noise_stays_in_the_mask_and_below_its_strength(most):
    cells = flat_cells(8)
    noisy = with_coarse_noise(cells.pixels, cells.masks, np.random.default_rng(1), most)[..., 0]
    assert not noisy[cells.masks == 0].any()
    assert noisy.std() <= most
