"""Cells are turned and mirrored each in a way of its own."""

import numpy as np

from normocyte.detectors.networks.turning import WAYS, Turns

ARROW = np.arange(12, dtype=np.float32).reshape(1, 3, 4, 1)
SQUARE = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)


def every_way(cell: np.ndarray) -> np.ndarray:
    return Turns(np.arange(WAYS))(cell.repeat(WAYS, axis=0))


def test_the_eight_ways_are_eight_pictures_of_the_same_pixels():
    turned = every_way(SQUARE).reshape(WAYS, -1)
    assert len(np.unique(turned, axis=0)) == WAYS
    assert (np.sort(turned, axis=1) == np.arange(9)).all()


def test_the_first_way_leaves_a_cell_as_it_is():
    np.testing.assert_array_equal(every_way(SQUARE)[:1], SQUARE)


def test_cells_of_one_batch_are_turned_in_different_ways():
    turns = Turns.drawn(np.random.default_rng(1), (200, 3, 3, 1))
    assert (np.bincount(turns.ways, minlength=WAYS) > 10).all()


def test_what_is_seen_and_what_is_wanted_are_turned_alike():
    turns = Turns.drawn(np.random.default_rng(1), (50, 3, 3, 1))
    cells = SQUARE.repeat(50, axis=0)
    np.testing.assert_array_equal(turns(cells) + 1, turns(cells + 1))


def test_a_cell_that_is_not_square_is_never_turned_by_a_quarter():
    turns = Turns.drawn(np.random.default_rng(1), (200, 3, 4, 1))
    turned = turns(ARROW.repeat(200, axis=0))
    assert turned.shape == (200, 3, 4, 1)
    assert len(np.unique(turned.reshape(200, -1), axis=0)) == 4
