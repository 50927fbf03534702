"""Drawn parasites: darker spots inside healthy cells, from a seed, and nothing else changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.types import Batch
from normocyte.detectors._drawn_parasites import with_coarse_noise, with_parasites

STRENGTHS = (1.2, 12.0)


def flat_cells(count: int, size: int = 64) -> Batch:
    """Cells without any contrast: a disc that counts on a square that does not."""
    down, right = np.indices((size, size)) - size / 2 + 0.5
    disc = (np.hypot(down, right) < 0.4 * size).astype(np.uint8)
    return Batch(np.zeros((count, size, size, 1), np.float32), np.tile(disc, (count, 1, 1)))


def draw(cells: Batch, seed: int = 0, share: float = 1.0) -> np.ndarray:
    return with_parasites(cells, np.random.default_rng(seed), STRENGTHS, share)


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


@pytest.mark.parametrize("most", [0.0, 0.3])
def test_coarse_noise_stays_in_the_mask_and_below_its_strength(most):
    cells = flat_cells(8)
    noisy = with_coarse_noise(cells.pixels, cells.masks, np.random.default_rng(1), most)[..., 0]
    assert not noisy[cells.masks == 0].any()
    assert noisy.std() <= most
