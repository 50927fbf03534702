"""As many cells of every patient, whatever comes later."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.drift.support.equal_cells import equal_cells

DRAW = (0, "stream")


def test_patients_come_in_the_order_of_arrival_and_those_with_few_cells_are_named():
    names = np.array(["b", "a", "b", "c", "a"])
    drawn = equal_cells(np.arange(5.0), names, 2, *DRAW)
    assert drawn.names.tolist() == ["b", "a"]
    assert drawn.values.tolist() == [[0, 2], [1, 4]]
    assert drawn.left_out.tolist() == ["c"]


def test_cells_without_a_number_do_not_count():
    drawn = equal_cells(np.array([1.0, np.nan, 2.0, np.nan]), np.array(["a", "a", "a", "b"]), 2, *DRAW)
    assert drawn.values.tolist() == [[1, 2]]
    assert drawn.left_out.tolist() == ["b"]


def test_no_cells_give_no_patients():
    drawn = equal_cells(np.empty(0), np.empty(0, np.str_), 3, *DRAW)
    assert drawn.values.shape == (0, 3)


@given(st.lists(st.integers(1, 12), min_size=2, max_size=8), st.randoms())
def test_the_order_of_a_patients_cells_and_later_patients_change_nothing(sizes, rng):
    names = np.repeat([f"P{place}" for place in range(len(sizes))], sizes)
    values = np.arange(float(len(names)))
    order = np.concatenate([rng.sample(rows.tolist(), len(rows)) for rows in _groups(sizes)])
    whole = equal_cells(values, names, 4, *DRAW)
    turned = equal_cells(values[order], names[order], 4, *DRAW)
    before = equal_cells(values[: -sizes[-1]], names[: -sizes[-1]], 4, *DRAW)
    np.testing.assert_array_equal(whole.values, turned.values)
    np.testing.assert_array_equal(whole.values[: len(before.values)], before.values)


def _groups(sizes):
    return np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])


def test_every_cell_is_drawn_about_as_often():
    values, names = np.arange(10.0), np.repeat("a", 10)
    drawn = np.concatenate([equal_cells(values, names, 3, seed, "x").values[0] for seed in range(600)])
    counts = np.bincount(drawn.astype(int), minlength=10)
    assert counts.min() > 180 - 60
    assert counts.max() < 180 + 60


@pytest.mark.parametrize("cells", [0, -3])
def test_less_than_one_cell_is_refused(cells):
    with pytest.raises(ConfigError, match=f"{cells} cells a patient cannot be compared; give at least 1"):
        equal_cells(np.ones(3), np.repeat("a", 3), cells, *DRAW)
